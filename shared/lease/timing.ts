import * as z from 'zod/mini';
import { fail, succeed, type Result } from '../result.ts';

/**
 * How an emergency stop (the lease is running out) is made. Planned stops are always graceful.
 * `kill` is for engines that survive a power loss: they survive a kill too, and speed is bought there.
 */
export const EmergencyStop = z.enum(['kill', 'graceful']);

/** All durations of one cluster's lease, in seconds. The letters are those of docs/failover.md. */
export const TimingPolicy = z.strictObject({
  /** Lease: how long a member may be Active after the last renewal it sent. */
  T: z.number().check(z.positive()),
  /** Renewal period, from one sending to the next. */
  H: z.number().check(z.positive()),
  /** Deadline of one lease store operation, both fsyncs of a promise included. */
  O: z.number().check(z.positive()),
  /** Worst-case stop of the engine, kill included. */
  K: z.number().check(z.positive()),
  /** Real kill time: a guard's turn, its scheduling delay, the control group killed and seen empty. */
  D: z.number().check(z.positive()),
  emergencyStop: EmergencyStop,
});
export type TimingPolicy = z.infer<typeof TimingPolicy>;

export const timingPresetNames = ['rapid', 'fast', 'lan', 'normal', 'cross-site'] as const;
export const TimingPresetName = z.enum(timingPresetNames);
export type TimingPresetName = z.infer<typeof TimingPresetName>;

export const timingPresets: Record<TimingPresetName, TimingPolicy> = {
  rapid: { T: 1.5, H: 0.2, O: 0.25, K: 0.45, D: 0.2, emergencyStop: 'kill' },
  fast: { T: 4, H: 0.5, O: 0.5, K: 2, D: 0.4, emergencyStop: 'kill' },
  lan: { T: 10, H: 1, O: 1.5, K: 4, D: 0.5, emergencyStop: 'graceful' },
  normal: { T: 15, H: 2, O: 2.5, K: 6, D: 0.5, emergencyStop: 'graceful' },
  'cross-site': { T: 45, H: 5, O: 8, K: 15, D: 0.5, emergencyStop: 'graceful' },
};

/** δ in seconds: bounds how far two members' clocks may drift apart within one lease. */
export function clockDriftBound(T: number): number {
  return 0.01 * T + 0.25;
}

/** One broken inequality, with its formula and its numbers. */
export interface TimingRefusal {
  readonly formula: string;
  readonly numbers: string;
  /** What it means, as a clause. */
  readonly meaning: string;
}

/**
 * A sender rides out about ten minutes (60 attempts 10 s apart). After a crash nobody is Active for T + δ; half of that
 * time is left for the grant, the storage's proof, the engine's start and the balancer. Any longer lease protects nothing
 * more: what it must cover is in the other formulas.
 */
export const longestLeaseEnd = 300;

/**
 * Accepts a timing policy or names every broken inequality.
 *
 * `max(H, O) + 2·O + K + δ ≤ T` keeps the Active from stopping without need. `2·D ≤ K` leaves the
 * guards room to kill. What keeps two engines apart is that the real kill time is within D. `T + δ ≤ 300 s` keeps a
 * failover within the time that senders wait.
 */
export function checkTiming(timing: TimingPolicy): Result<TimingPolicy, TimingRefusal[]> {
  const { T, H, O, K, D } = timing;
  const drift = clockDriftBound(T);
  const refusals: TimingRefusal[] = [];
  const needed = Math.max(H, O) + 2 * O + K + drift;
  if (needed > T + 1e-9) {
    refusals.push({
      formula: 'max(H, O) + 2·O + K + δ ≤ T',
      numbers: `max(${H}, ${O}) + 2·${O} + ${K} + ${round(drift)} = ${round(needed)} s, more than T = ${T} s`,
      meaning: 'the lease is too short for its parts',
    });
  }
  if (2 * D > K + 1e-9) {
    refusals.push({
      formula: '2·D ≤ K',
      numbers: `2·${D} = ${round(2 * D)} s, more than K = ${K} s`,
      meaning: 'the guards have no room to kill within the stop time',
    });
  }
  if (T + drift > longestLeaseEnd) {
    refusals.push({
      formula: `T + δ ≤ ${longestLeaseEnd} s`,
      numbers: `${T} + ${round(drift)} = ${round(T + drift)} s`,
      meaning: 'after a crash senders would give up before anybody may take over',
    });
  }
  return refusals.length === 0 ? succeed(timing) : fail(refusals);
}

/** The instants of a lease in milliseconds after the sending of its last accepted renewal. */
export interface LeaseInstants {
  /** The member stops its engine by itself. */
  readonly ownStopMs: number;
  /** Answers that arrive later are noted but never used. */
  readonly lastUseMs: number;
  /** The guards kill, whatever the agent does. */
  readonly guardKillMs: number;
  /** The engine is proven stopped. */
  readonly provenMs: number;
  /** T: the holder's own end of the lease. */
  readonly validMs: number;
  /** The store may grant the lease to somebody else. */
  readonly freeMs: number;
}

export function leaseInstants(timing: TimingPolicy): LeaseInstants {
  const { T, K, D } = timing;
  const drift = clockDriftBound(T);
  const stopBefore = timing.emergencyStop === 'kill' ? 2 * D + drift : K + drift;
  return {
    ownStopMs: toMs(T - stopBefore),
    lastUseMs: toMs(T - K - drift),
    guardKillMs: toMs(T - D - drift),
    provenMs: toMs(T - drift),
    validMs: toMs(T),
    freeMs: toMs(T + drift),
  };
}

/** Time without an Active after a crash, in seconds, before grant, storage proof and engine start. */
export function leaseRunOut(timing: TimingPolicy): { best: number; typical: number; worst: number } {
  const free = timing.T + clockDriftBound(timing.T);
  return { best: free - timing.H, typical: free - timing.H / 2, worst: free };
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}

function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
