import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProbe, type Probe } from '../../../agent/probes/probe.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import { succeed } from '../../../shared/result.ts';

/** Goal: a proof is a look that began after it was asked for, and no exception ends the looking. Method: a world that changes while it is looked at. */
let world: string;
let lookMs: number;
let onLook: () => void;
let broken: string[];
let under: number;
let most: number;
let probe: Probe<string>;

beforeEach(() => {
  vi.useFakeTimers();
  world = 'running';
  lookMs = 0;
  under = 0;
  most = 0;
  onLook = () => undefined;
  broken = [];
  probe = startProbe({
    clock: { bootMs: () => Date.now(), wallTime: () => '' },
    timers: systemTimers,
    everyMs: () => 100,
    staleMs: 1_000,
    look: async () => {
      const seen = world;
      under += 1;
      most = Math.max(most, under);
      if (lookMs > 0) await new Promise((resolve) => setTimeout(resolve, lookMs));
      under -= 1;
      return succeed(seen);
    },
    onLook: () => onLook(),
    onBroken: (error) => broken.push(String(error)),
  });
});
afterEach(() => {
  probe.close();
  vi.useRealTimers();
});
const found = () => probe.fact(Date.now()).value;

describe('a look that is asked for', () => {
  it('begins after the asking, also when another one is under way', async () => {
    lookMs = 30;
    await vi.advanceTimersByTimeAsync(110);
    world = 'stopped';
    const asked = [probe.lookNow(), probe.lookNow()];
    await vi.advanceTimersByTimeAsync(60);
    await Promise.all(asked);
    expect(found()).toBe('stopped');
  });

  it('never overlaps another one', async () => {
    lookMs = 30;
    await vi.advanceTimersByTimeAsync(110);
    let again = Promise.resolve();
    const first = probe.lookNow().then(() => {
      again = probe.lookNow();
    });
    void probe.lookNow();
    await vi.advanceTimersByTimeAsync(200);
    await Promise.all([first, again]);
    expect(most).toBe(1);
  });

  it('goes on being repeated afterwards', async () => {
    await probe.lookNow();
    world = 'stopped';
    await vi.advanceTimersByTimeAsync(150);
    expect(found()).toBe('stopped');
  });
});

describe('an exception of what follows from a look', () => {
  it('is told, and the next look comes all the same', async () => {
    onLook = () => {
      throw new Error('no space left');
    };
    await probe.lookNow();
    expect(broken).toEqual(['Error: no space left']);
    world = 'stopped';
    await vi.advanceTimersByTimeAsync(150);
    expect(found()).toBe('stopped');
    expect(broken).toHaveLength(2);
  });
});
