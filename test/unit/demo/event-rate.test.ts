import { describe, expect, it } from 'vitest';
import { EventRate } from '../../../electron/demo/event-rate.ts';

describe('an event rate', () => {
  it('is what came in the window per second, and falls to zero after it', () => {
    let now = 5000;
    const rate = new EventRate(() => now, 5);
    for (let event = 0; event < 100; event += 1) {
      rate.count();
      now += 100;
    }
    expect(rate.perSecond()).toBe(10);
    expect(rate.lastAt).toBe(now - 100);
    now += 2000;
    expect(rate.perSecond()).toBe(5);
    now += 60_000;
    expect(rate.perSecond()).toBe(0);
  });
});
