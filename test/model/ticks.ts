import { clockDriftBound, leaseInstants, type TimingPolicy } from '../../shared/lease/timing.ts';

/**
 * Time in the model goes in ticks of δ. T is chosen so that it is exactly six of them; then every instant of the
 * lease falls on a tick: use until 3, own stop at 3, guards' kill at 4, proven stopped at 5, T at 6, free at 7.
 */
const leaseTicks = 6;
const T = (0.25 * leaseTicks) / (1 - 0.01 * leaseTicks);
const drift = clockDriftBound(T);

export const tickMs = Math.round(drift * 1000);

/** The tightest policy that is accepted: max(H, O) + 2·O + K + δ = T and 2·D = K. */
export const modelTiming: TimingPolicy = {
  T,
  H: drift,
  O: drift,
  K: 2 * drift,
  D: drift,
  emergencyStop: 'graceful',
};

export const instants = leaseInstants(modelTiming);
export const killTimeMs = Math.round(modelTiming.D * 1000);
export const driftMs = Math.round(drift * 1000);

/** Whole ticks; an instant between two of them would make the exploration skip what happens there. */
export function ticks(milliseconds: number): number {
  const whole = milliseconds / tickMs;
  if (!Number.isInteger(whole)) throw new Error(`${milliseconds} ms is not a whole number of ticks`);
  return whole;
}
