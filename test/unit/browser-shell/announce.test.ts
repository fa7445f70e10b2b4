import { expect, test } from 'vitest';
import { agentLines, consoleLine, windowLines } from '../../../electron/browser-shell/announce.ts';

test('prints the address on one line of its own', () => {
  expect(consoleLine('http://127.0.0.1:1/?token=t')).toBe('Console: http://127.0.0.1:1/?token=t');
});

test('quotes a folder with blanks for the shell', () => {
  expect(agentLines("/it's here")[0]).toContain(`--profile '/it'\\''s here' status`);
  expect(agentLines('/plain/path')[0]).toContain('--profile /plain/path status');
});

test('says that there is no window, and that root has no sandbox', () => {
  expect(windowLines({ kind: 'none', why: 'There is no display.' }).join()).toContain(
    'Open the address above',
  );
  const window = { closed: Promise.resolve(), close: () => Promise.resolve(), closeNow: () => undefined };
  const asRoot = windowLines({ kind: 'opened', window, program: '/usr/bin/chromium', sandboxed: false });
  expect(asRoot.join()).toContain('without its sandbox');
});
