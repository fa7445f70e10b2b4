import { expect, test } from 'vitest';
import { pageFirst } from '../../../electron/browser-shell/page-first.ts';
import type { SiteSource } from '../../../electron/host/site-source.ts';
import { productError } from '../../../shared/errors.ts';
import { fail } from '../../../shared/result.ts';
import { handTime } from '../host/hand-time.ts';

/** Goal: the page is drawn before the demo's programs take the cores. Method: a demo that notes its start. */
function waitingDemo() {
  const time = handTime();
  const starts: number[] = [];
  const demo: SiteSource = {
    kind: 'demo',
    start: () => {
      starts.push(1);
      return Promise.resolve(fail(productError('demo.failed', 'It is no real one.')));
    },
  };
  const first = pageFirst(demo, time, 500);
  if (first.source.kind !== 'demo') throw new Error('the demo became a profile');
  const opened = first.source.start(() => undefined);
  return { first, starts, time, opened };
}

test('starts the demo when a page is there', async () => {
  const { first, starts, opened } = waitingDemo();
  await Promise.resolve();
  expect(starts).toEqual([]);
  first.pageOpened();
  first.pageOpened();
  await opened;
  expect(starts).toEqual([1]);
});

test('starts the demo without a page when the limit is over', async () => {
  const { starts, time, opened } = waitingDemo();
  time.forward(499);
  await Promise.resolve();
  expect(starts).toEqual([]);
  time.forward(1);
  await opened;
  expect(starts).toEqual([1]);
});

test('starts no demo any more once the console ends', async () => {
  const { first, starts, opened } = waitingDemo();
  first.giveUp();
  first.pageOpened();
  expect((await opened).ok).toBe(false);
  expect(starts).toEqual([]);
});

test('opens a site that exists already at once', () => {
  const source: SiteSource = { kind: 'profile', directory: '/etc/site' };
  expect(pageFirst(source, handTime(), 500).source).toBe(source);
});
