import { describe, expect, test } from 'vitest';
import { createPublisher } from '../../../../electron/host/snapshot/publisher.ts';
import { handTime } from '../hand-time.ts';

function publishing() {
  const time = handTime(0);
  const at: number[] = [];
  const publisher = createPublisher(time, () => at.push(time.bootMs()));
  return { time, at, publisher };
}

describe('the publisher', () => {
  test('publishes the first news at once', () => {
    const { at, publisher } = publishing();
    publisher.news();
    expect(at).toEqual([0]);
  });

  test('joins what follows within a quarter of a second', () => {
    const { time, at, publisher } = publishing();
    publisher.news();
    for (let turn = 0; turn < 20; turn += 1) {
      time.forward(10);
      publisher.news();
    }
    time.forward(300);
    expect(at).toEqual([0, 250]);
  });

  test('never publishes more than four times a second under constant news', () => {
    const { time, at, publisher } = publishing();
    for (let turn = 0; turn < 1000; turn += 1) {
      publisher.news();
      time.forward(10);
    }
    for (const [index, instant] of at.entries()) {
      if (index > 0) expect(instant - at[index - 1]!).toBeGreaterThanOrEqual(250);
    }
    // Ten seconds, both ends included.
    expect(at.length).toBe(41);
  });

  test('publishes once a second without any news', () => {
    const { time, at } = publishing();
    time.forward(3500);
    expect(at).toEqual([1000, 2000, 3000]);
  });

  test('publishes nothing after its end', () => {
    const { time, at, publisher } = publishing();
    publisher.news();
    time.forward(10);
    publisher.news();
    publisher.stop();
    publisher.news();
    time.forward(5000);
    expect(at).toEqual([0]);
    expect(time.pending()).toBe(0);
  });
});
