import { silentApiMs } from '../failover/rules/active.ts';
import { storageLimitMs } from '../failover/step-terms.ts';
import {
  apiLookEveryMs,
  beatEveryMs,
  calmLookEveryMs,
  guardSilentMs,
  guardsSilentMs,
  lookEveryMs,
  outsiderLookEveryMs,
  peerSilentMs,
  storageLookEveryMs,
  storeSilentMs,
} from '../lease/noticing.ts';
import { leaseInstants, type TimingPolicy } from '../lease/timing.ts';
import type { Spread } from '../setup/measured-times.ts';

/**
 * When something on the time line of a fault comes: `fault` at once · `process-seen` the end of a process is noticed ·
 * `api-seen`, `outsider-seen` a look finds it · `guard-silent`, `guards-silent` one guard, or both, beat no more ·
 * `peer-silent`, `store-silent`, `api-silent`, `storage-seen` silence or a failed look is noticed · the instants of the
 * lease · some minutes later · `later` when a person or something outside acts.
 */
export type Instant =
  | { readonly minutes: number }
  | 'fault'
  | 'process-seen'
  | 'peer-silent'
  | 'store-silent'
  | 'api-silent'
  | 'api-seen'
  | 'outsider-seen'
  | 'guard-silent'
  | 'guards-silent'
  | 'storage-seen'
  | 'own-stop'
  | 'guards-kill'
  | 'lease-free'
  | 'later';

/** Seconds after the fault; null: that is told by nobody's timing. Pure. */
export function instantSpan(instant: Instant, timing: TimingPolicy): Spread | null {
  if (typeof instant === 'object') return span(...atMinutes(instant));
  const look = lookEveryMs(timing);
  const calmLook = calmLookEveryMs(timing);
  switch (instant) {
    case 'fault':
      return span(0, 0, 0);
    case 'process-seen':
      return span(0, look / 2, look);
    case 'peer-silent':
      return silence(peerSilentMs(timing), beatEveryMs(timing), calmLook);
    case 'store-silent':
      return silence(storeSilentMs(timing), timing.H * 1000, calmLook);
    case 'api-silent':
      return silence(silentApiMs, apiLookEveryMs(timing), calmLook);
    case 'api-seen':
      return span(0, apiLookEveryMs(timing) / 2, apiLookEveryMs(timing) + calmLook);
    case 'outsider-seen':
      return span(0, outsiderLookEveryMs / 2, outsiderLookEveryMs + calmLook);
    case 'guard-silent':
      return silence(guardSilentMs, 0, calmLook);
    case 'guards-silent':
      return silence(guardsSilentMs(timing), 0, calmLook);
    case 'storage-seen':
      return span(0, storageLookEveryMs / 2, storageLookEveryMs + storageLimitMs(timing));
    case 'own-stop':
      return sinceRenewal(leaseInstants(timing).ownStopMs, timing);
    case 'guards-kill':
      return sinceRenewal(leaseInstants(timing).guardKillMs, timing);
    case 'lease-free':
      return sinceRenewal(leaseInstants(timing).freeMs, timing);
    case 'later':
      return null;
  }
}

function atMinutes({ minutes }: { readonly minutes: number }): [number, number, number] {
  const ms = minutes * 60_000;
  return [ms, ms, ms];
}

/**
 * Seconds from the end of the old engine to another instant. Where both are counted from the same renewal they keep
 * their distance, whenever the fault came. Null: that is told by nobody's timing. Pure.
 */
export function spanBetween(ended: Instant, until: Instant, timing: TimingPolicy): Spread | null {
  const from = instantSpan(ended, timing);
  const to = instantSpan(until, timing);
  if (from === null || to === null) return null;
  if (isOfLease(ended) && isOfLease(until)) {
    const distance = Math.max(0, to.worst - from.worst);
    return { best: distance, typical: distance, worst: distance };
  }
  return {
    best: Math.max(0, to.best - from.worst),
    typical: Math.max(0, to.typical - from.typical),
    worst: Math.max(0, to.worst - from.best),
  };
}

function isOfLease(instant: Instant): boolean {
  return instant === 'own-stop' || instant === 'guards-kill' || instant === 'lease-free';
}

/** The last sign came up to one period before the fault; silence is noticed at the next look after the limit. */
function silence(limitMs: number, periodMs: number, lookMs: number): Spread {
  return span(limitMs - periodMs, limitMs - periodMs / 2 + lookMs / 2, limitMs + lookMs);
}

/** An instant of the lease: the fault comes up to one renewal period after the renewal that it counts from. */
function sinceRenewal(ms: number, { H }: TimingPolicy): Spread {
  return span(ms - H * 1000, ms - H * 500, ms);
}

function span(bestMs: number, typicalMs: number, worstMs: number): Spread {
  const seconds = (ms: number) => Math.max(0, ms) / 1000;
  return { best: seconds(bestMs), typical: seconds(typicalMs), worst: seconds(worstMs) };
}
