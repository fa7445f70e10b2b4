import type { MeasuredTimes, Spread } from './measured-times.ts';
import {
  checkTiming,
  clockDriftBound,
  leaseRunOut,
  timingPresetNames,
  timingPresets,
  type TimingPolicy,
  type TimingPresetName,
  type TimingRefusal,
} from '../lease/timing.ts';

export const nothingMeasured: MeasuredTimes = {
  renewal: null,
  lag: null,
  kill: null,
  storageProof: null,
  engineStop: null,
  engineStart: null,
};

/** Time without an Active, in seconds. `atLeast`: something that adds to it is not known. */
export interface Recovery extends Spread {
  readonly atLeast: boolean;
}

export interface TimingChoice {
  readonly timing: TimingPolicy;
  /** Empty: it may be used here. */
  readonly refusals: readonly TimingRefusal[];
  /** True sentences that a person should know before choosing it. */
  readonly cautions: readonly string[];
  /** Time without an Active after the Active's power was cut. */
  readonly recovery: Recovery;
}

export interface PresetChoice extends TimingChoice {
  readonly name: TimingPresetName;
}

/** Every preset, offered or refused by what was measured here. */
export function presetChoices(measured: MeasuredTimes): PresetChoice[] {
  return timingPresetNames.map((name) => ({ name, ...timingChoice(timingPresets[name], measured) }));
}

/** Judges a timing by what was measured. What was not measured refuses nothing; it is a caution. */
export function timingChoice(timing: TimingPolicy, measured: MeasuredTimes): TimingChoice {
  return {
    timing,
    refusals: [...formulaRefusals(timing), ...measuredRefusals(timing, measured)],
    cautions: cautions(timing, measured),
    recovery: recovery(timing, measured),
  };
}

function formulaRefusals(timing: TimingPolicy): TimingRefusal[] {
  const checked = checkTiming(timing);
  if (checked.ok) return [];
  return checked.error;
}

/** Why a timing must not be used where this was measured; empty: nothing measured speaks against it. Pure. */
export function measuredRefusals(timing: TimingPolicy, measured: MeasuredTimes): TimingRefusal[] {
  const { T, H, O, K, D } = timing;
  const refusals: TimingRefusal[] = [];
  const kill = measured.kill?.worst;
  if (kill !== undefined && kill > D) {
    const numbers = `${seconds(kill)} > ${seconds(D)}`;
    refusals.push({ formula: 'kill ≤ D', numbers, meaning: 'a kill takes too long here' });
  }
  const renewal = measured.renewal?.worst;
  if (renewal !== undefined && 2 * renewal > O) {
    const numbers = `2 × ${seconds(renewal)} = ${seconds(2 * renewal)} > ${seconds(O)}`;
    refusals.push({
      formula: '2 × worst renewal ≤ O',
      numbers,
      meaning: 'network or disk of the lease store are too slow',
    });
  }
  const lag = measured.lag?.worst;
  const spare = T - (Math.max(H, O) + 2 * O + K + clockDriftBound(T));
  if (lag !== undefined && spare >= 0 && lag > spare + H / 2) {
    const numbers = `${seconds(lag)} > ${seconds(spare + H / 2)}`;
    refusals.push({
      formula: 'lag ≤ T − (max(H, O) + 2·O + K + δ) + H/2',
      numbers,
      meaning: 'programs on the members are woken up too late',
    });
  }
  return refusals;
}

/** Such a refusal as a sentence. */
export function measuredWords({ formula, numbers, meaning }: TimingRefusal): string {
  return `${formula} does not hold as measured here: ${numbers}, ${meaning}.`;
}

function cautions(timing: TimingPolicy, measured: MeasuredTimes): string[] {
  const said: string[] = [];
  const missing = (
    [
      ['renewal', 'the renewal'],
      ['lag', 'the lag of programs'],
      ['kill', 'the kill'],
    ] as const
  ).filter(([key]) => measured[key] === null);
  if (missing.length > 0) {
    said.push(
      `Not measured: ${missing.map(([, words]) => words).join(', ')}. Whether this timing fits is not proven.`,
    );
  }
  if (timing.emergencyStop === 'kill') {
    said.push('When the lease runs out the engine is killed at once: its queues must survive a power cut.');
  }
  const stop = measured.engineStop?.worst;
  if (timing.emergencyStop === 'graceful' && stop !== undefined && stop + timing.D > timing.K) {
    said.push(
      `The engine took up to ${seconds(stop)} to stop, K is ${seconds(timing.K)}: when the lease runs out the guards kill it before it has stopped by itself.`,
    );
  }
  return said;
}

/**
 * After a power cut: the lease runs out (T + δ after its last renewal), then the grant, the storage proof and the
 * engine's start. The worst case counts the grant with its whole time limit O.
 */
function recovery(timing: TimingPolicy, measured: MeasuredTimes): Recovery {
  const free = leaseRunOut(timing);
  const { renewal, storageProof, engineStart } = measured;
  const after = (key: keyof Spread) => (storageProof?.[key] ?? 0) + (engineStart?.[key] ?? 0);
  const grant = renewal?.typical ?? 0;
  return {
    best: free.best + grant + after('best'),
    typical: free.typical + grant + after('typical'),
    worst: free.worst + timing.O + after('worst'),
    atLeast: renewal === null || storageProof === null || engineStart === null,
  };
}

/** A span of a drawn failure, in seconds after the power failed. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What happens after the Active's power is cut in the typical case, half a renewal period after a renewal. */
export interface FailureCourse {
  /** Seconds from the last renewal to the power cut. */
  readonly sinceRenewal: number;
  /** The silent member might still be serving, if it was only cut off, until its guards have killed. */
  readonly mightServe: Span;
  readonly guardsKill: number;
  readonly leaseLive: Span;
  /** Grant and proof of the storage. */
  readonly proof: Span;
  readonly engineStart: Span;
  readonly active: number;
}

/** The drawn failure of the timing step. Pure. */
export function failureCourse(timing: TimingPolicy, measured: MeasuredTimes): FailureCourse {
  const { T, H, D } = timing;
  const drift = clockDriftBound(T);
  const sinceRenewal = H / 2;
  const guardsKill = T - D - drift - sinceRenewal;
  const free = T + drift - sinceRenewal;
  const proven = free + (measured.renewal?.typical ?? 0) + (measured.storageProof?.typical ?? 0);
  const active = proven + (measured.engineStart?.typical ?? 0);
  return {
    sinceRenewal,
    mightServe: { from: 0, to: guardsKill + D },
    guardsKill,
    leaseLive: { from: 0, to: free },
    proof: { from: free, to: proven },
    engineStart: { from: proven, to: active },
    active,
  };
}

function seconds(value: number): string {
  return `${Math.round(value * 100) / 100} s`;
}
