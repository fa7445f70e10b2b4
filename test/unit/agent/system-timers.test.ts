import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemTimers, untilBeat } from '../../../agent/system-timers.ts';

/** Goal: what is periodic wakes the program together and is never left out. Method: beats counted on fake timers. */
describe('the next common beat', () => {
  it('is the next multiple of the period, not one that has just been or is about to be served', () => {
    expect(untilBeat(12_300, 1_000)).toBe(700);
    expect(untilBeat(12_300, 200)).toBe(100);
    expect(untilBeat(13_000, 1_000)).toBe(1_000);
    expect(untilBeat(12_998, 1_000)).toBe(1_002);
  });

  it('never lies more than a period and a little of it away', () => {
    for (const periodMs of [1, 25, 100, 200, 1_000])
      for (let nowMs = 0; nowMs < 2 * periodMs; nowMs += periodMs / 16) {
        const leftMs = untilBeat(nowMs, periodMs);
        expect(leftMs).toBeGreaterThan(0);
        expect(leftMs).toBeLessThanOrEqual(periodMs + Math.min(5, periodMs / 2));
      }
  });
});

describe('what is periodic', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('comes at common beats whenever it was begun, with every period, until it is ended', async () => {
    const came: string[] = [];
    const ends = [systemTimers.every(200, () => came.push(`one ${performance.now() % 200}`))];
    await vi.advanceTimersByTimeAsync(70);
    ends.push(systemTimers.every(200, () => came.push(`two ${performance.now() % 200}`)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(came.filter((line) => line === came[0])).toHaveLength(came.length / 2);
    expect(came.length).toBeGreaterThanOrEqual(8);
    expect(new Set(came.map((line) => line.slice(4))).size).toBe(1);
    for (const end of ends) end();
    const before = came.length;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(came).toHaveLength(before);
  });

  it('goes on after an exception', async () => {
    let beats = 0;
    const end = systemTimers.every(100, () => {
      beats += 1;
      if (beats === 1) throw new Error('the first one breaks');
    });
    await expect(vi.advanceTimersByTimeAsync(110)).rejects.toThrow('the first one breaks');
    await vi.advanceTimersByTimeAsync(300);
    expect(beats).toBeGreaterThan(2);
    end();
  });
});
