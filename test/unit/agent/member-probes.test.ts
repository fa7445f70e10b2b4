import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startMemberProbes } from '../../../agent/member/member-probes.ts';
import type { MemberParts, MemberProbes } from '../../../agent/member/member-parts.ts';
import { fail, succeed } from '../../../shared/result.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import { fakeMember } from './fake-parts.ts';

/** Goal: the end of an engine is noticed at once where it is told, and in time where not. Method: a service that counts looks. */
let looks: number;
let process: 'running' | 'stopped';
let tellsChange: boolean;
let tell: () => void;
let probes: MemberProbes;

beforeEach(() => {
  vi.useFakeTimers();
  [looks, process, tellsChange] = [0, 'running', true];
  const { parts } = fakeMember(timingPresets.lan);
  const service = {
    ...parts.service,
    observe: () => {
      looks += 1;
      return Promise.resolve(succeed({ process, runningMs: 1_000 }));
    },
    onChange: (told: () => void) => {
      tell = told;
    },
    tellsChange: () => tellsChange,
  };
  const silent = () => Promise.resolve(fail('not asked here'));
  const ground = { ...parts, service, engine: { look: silent }, storage: { read: silent } };
  const whole = ground as unknown as MemberParts;
  probes = startMemberProbes(
    whole,
    whole.runtime,
    whole.config,
    whole.clock,
    whole.timers,
    () => ({ ...whole, probes }),
    () => undefined,
  );
});
afterEach(() => {
  for (const probe of Object.values(probes) as { close(): void }[]) probe.close();
  vi.useRealTimers();
});

describe('the looks at an engine', () => {
  it('are seldom while its end is told, and one comes at once when it is', async () => {
    await vi.advanceTimersByTimeAsync(4_000);
    expect(looks).toBeLessThanOrEqual(6);
    process = 'stopped';
    tell();
    await vi.advanceTimersByTimeAsync(0);
    expect(probes.process.fact(0).value?.process).toBe('stopped');
  });

  it('come five times a second as soon as its end would not be told', async () => {
    await vi.advanceTimersByTimeAsync(1_100);
    tellsChange = false;
    await vi.advanceTimersByTimeAsync(1_100);
    const before = looks;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(looks - before).toBeGreaterThanOrEqual(9);
  });
});
