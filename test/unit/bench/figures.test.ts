import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../bench/peers/results.ts';
import { readRollup, sumOf } from '../../bench/process-memory.ts';
import { cpuOf, processUsage } from '../../bench/process-usage.ts';
import { slopeOf } from '../../bench/slope.ts';

describe('the spread of values', () => {
  it('takes the mean of the middle two for an even number', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4, count: 4 });
  });

  it('is unknown without values', () => {
    expect(spreadOf([])).toBeNull();
  });
});

describe('the slope of growth', () => {
  it('finds a line that goes through every point, with nothing left to doubt', () => {
    const slope = slopeOf([0, 1, 2, 3].map((x) => ({ x, y: 5 + 2 * x })));
    expect(slope?.perUnit).toBeCloseTo(2);
    expect(slope?.within).toBeCloseTo(0);
  });

  it('tells by its interval that noise is no growth', () => {
    const noise = [3, -3, 3, -3, 3, -3, 3, -3, 3, -3];
    const slope = slopeOf(noise.map((y, x) => ({ x, y })))!;
    expect(Math.abs(slope.perUnit)).toBeLessThan(slope.within);
  });

  it('is unknown where nothing can be fitted', () => {
    expect(slopeOf([{ x: 1, y: 1 }])).toBeNull();
    expect(slopeOf([1, 2, 3].map((y) => ({ x: 7, y })))).toBeNull();
  });
});

describe('what a process uses', () => {
  it('counts the time of children that have ended, whatever the name of the program', () => {
    expect(cpuOf('42 (a) b (c)) S 1 42 42 0 -1 4 1 2 3 4 10 20 30 40 20 0 11')).toBe(1_000);
  });

  it('reads the memory of a rollup and adds up what has not ended', () => {
    const text = 'Rss:  100 kB\nPss:   60 kB\nPss_Anon:  1 kB\nAnonymous:   40 kB\n';
    const one = readRollup(text);
    expect(one).toEqual({ rssKb: 100, pssKb: 60, anonymousKb: 40 });
    expect(sumOf([one, null, one])).toEqual({ rssKb: 200, pssKb: 120, anonymousKb: 80 });
  });

  it('is told with the children that live', () => {
    const child = spawn('sleep', ['60']);
    try {
      const [alone, both] = [processUsage(child.pid!)!, processUsage(process.pid)!];
      expect(alone.descriptors).toBeGreaterThan(0);
      expect(both.descriptors).toBeGreaterThanOrEqual(
        alone.descriptors + readdirSync('/proc/self/fd').length - 1,
      );
      expect(both.anonymousKb).toBeGreaterThan(alone.anonymousKb);
    } finally {
      child.kill();
    }
  });

  it('is told of a living process and not of one that has ended', () => {
    const own = processUsage(process.pid);
    expect(own?.cpuMs).toBeGreaterThan(0);
    expect(own?.descriptors).toBeGreaterThan(2);
    expect(processUsage(2 ** 30)).toBeNull();
  });
});
