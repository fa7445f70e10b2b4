import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { heldFor, openBootClock } from '../../../agent/boot-clock.ts';

describe('the boot-time clock', () => {
  it('is that of the system', () => {
    const uptimeMs = () => Math.round(Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000);
    const { bootMs } = openBootClock();
    const before = uptimeMs();
    const found = bootMs();
    expect(found).toBeGreaterThanOrEqual(before - 1);
    expect(found).toBeLessThanOrEqual(uptimeMs());
  });

  it('is read anew as soon as what was read is a millisecond old', () => {
    let nowMs = 5;
    let reads = 0;
    const clock = heldFor(
      1,
      () => ++reads * 100,
      () => nowMs,
    );
    expect([clock(), clock()]).toEqual([100, 100]);
    nowMs = 5.9;
    expect(clock()).toBe(100);
    nowMs = 6;
    expect([clock(), clock()]).toEqual([200, 200]);
    nowMs = 6.9;
    expect(clock()).toBe(200);
    nowMs = 3_600_000;
    expect(clock()).toBe(300);
  });
});
