import { expect, test } from 'vitest';
import { siteFlagsAmong } from '../../../electron/host/site-flags.ts';

test.each([
  [[], { kind: 'last' }],
  [['--demo'], { kind: 'demo', preset: null }],
  [['--demo', '--preset', 'normal'], { kind: 'demo', preset: 'normal' }],
  [['--profile', '/p'], { kind: 'profile', directory: '/p' }],
  [['--enable-logging', '--profile=/p', '--no-open'], { kind: 'profile', directory: '/p' }],
])('%j means %j', (argv, value) => {
  expect(siteFlagsAmong(argv)).toEqual({ ok: true, value });
});

test.each([
  [['--demo', '--profile', '/p']],
  [['--profile', '/p', '--preset', 'fast']],
  [['--preset', 'warp']],
])('%j is refused', (argv) => {
  expect(siteFlagsAmong(argv)).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
});
