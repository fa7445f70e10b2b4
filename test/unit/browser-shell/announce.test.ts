import { expect, test } from 'vitest';
import { consoleLine, onceLine, siteLines, windowLines } from '../../../electron/browser-shell/announce.ts';

test('prints the address on one line of its own', () => {
  expect(consoleLine('http://127.0.0.1:1/?token=t')).toBe('Console: http://127.0.0.1:1/?token=t');
});

test('quotes a folder with blanks for the shell', () => {
  const lines = (profileDirectory: string) => siteLines({ profileDirectory, demo: false });
  expect(lines("/it's here")).toEqual([
    expect.stringMatching(/ixha\.cjs status --profile '\/it'\\''s here'$/),
  ]);
  expect(lines('/plain/path')).toEqual(['Agents:  node dist/agent/ixha.cjs status --profile /plain/path']);
});

test('tells how to break the demo, and only the demo', () => {
  expect(siteLines({ profileDirectory: '/p', demo: true }).join()).toContain('npm run demo -- kill-server');
  expect(siteLines({ profileDirectory: '/p', demo: false }).join()).not.toContain('npm run demo');
});

test('says that there is no window, and that root has no sandbox', () => {
  expect(windowLines({ kind: 'none', why: 'There is no display.' }).join()).toContain(
    'Open the address above',
  );
  const window = { closed: Promise.resolve(), close: () => Promise.resolve(), closeNow: () => undefined };
  const asRoot = windowLines({ kind: 'opened', window, program: '/usr/bin/chromium', sandboxed: false });
  expect(asRoot.join()).toContain('without its sandbox');
});

test('says how to get another address, and promises Enter only where it can be pressed', () => {
  expect(onceLine(true)).toContain('Press Enter');
  expect(onceLine(false)).not.toContain('Enter');
  expect(onceLine(false)).toContain('start the console again');
});
