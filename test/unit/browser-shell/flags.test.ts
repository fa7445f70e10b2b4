import { expect, test } from 'vitest';
import { readFlags } from '../../../electron/browser-shell/flags.ts';

test('shows the demo in a window on any free port when nothing is said', () => {
  expect(readFlags([])).toEqual({
    ok: true,
    value: { site: { kind: 'last' }, open: true, port: 0, idleExit: false },
  });
});

test('reads every flag', () => {
  const flags = readFlags(['--profile', '/p', '--no-open', '--port', '8123', '--idle-exit']);
  expect(flags).toEqual({
    ok: true,
    value: { site: { kind: 'profile', directory: '/p' }, open: false, port: 8123, idleExit: true },
  });
});

test.each([
  [['--port', '70000']],
  [['--port', 'x']],
  [['--port=']],
  [['--port', '-1']],
  [['--profile']],
  [['--demo', '--profile', '/p']],
  [['--unknown']],
  [['word']],
])('refuses %j and tells the usage', (argv) => {
  const flags = readFlags(argv);
  expect(flags).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
  if (!flags.ok) expect(flags.error.details?.[0]).toMatch(/^Usage: /);
});
