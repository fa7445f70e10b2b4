import { expect, test } from 'vitest';
import { createIdleWatch } from '../../../electron/browser-shell/idle-watch.ts';
import { handTime } from '../host/hand-time.ts';

function watching() {
  const time = handTime();
  let ended = 0;
  const watch = createIdleWatch(time, 1000, () => (ended += 1));
  return { time, watch, ended: () => ended };
}

test('ends when no page ever came', () => {
  const { time, ended } = watching();
  time.forward(999);
  expect(ended()).toBe(0);
  time.forward(1);
  expect(ended()).toBe(1);
});

test('does not end while a page is open, however long', () => {
  const { time, watch, ended } = watching();
  watch.pageOpened();
  watch.pageOpened();
  watch.pageClosed();
  time.forward(100_000);
  expect(ended()).toBe(0);
});

test('counts from the last page that closed', () => {
  const { time, watch, ended } = watching();
  watch.pageOpened();
  time.forward(5000);
  watch.pageClosed();
  time.forward(999);
  expect(ended()).toBe(0);
  time.forward(1);
  expect(ended()).toBe(1);
});

test('does not end after its own end', () => {
  const { time, watch, ended } = watching();
  watch.stop();
  time.forward(100_000);
  expect(ended()).toBe(0);
});
