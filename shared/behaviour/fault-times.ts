import type { RuleDecision } from '../failover/decide.ts';
import type { MemberFacts, StepKind } from '../failover/member-facts.ts';
import { stepTerms } from '../failover/step-terms.ts';
import type { MeasuredTimes, Spread } from '../setup/measured-times.ts';
import type { Recovery } from '../setup/timing-choice.ts';
import { instantSpan, spanBetween, type Instant } from './fault-instants.ts';
import type { MemberName } from './fault-moments.ts';
import type { FaultScene } from './fault-scene.ts';

/** A decision of a course, with the facts it was made over and when. */
export interface DecidedMoment {
  readonly at: Instant;
  readonly member: MemberName;
  readonly facts: MemberFacts;
  readonly decision: RuleDecision;
}

/** What was decided since the old engine ended, and for how many seconds steps were tried in vain meanwhile, at most. */
export interface SinceEnd {
  readonly decided: readonly DecidedMoment[];
  readonly delay: number;
}

/**
 * When whoever the last of these decisions lets serve does so, in seconds after the fault. Null: that hangs on a person.
 * Pure.
 */
export function servesAt(
  { decided, delay }: SinceEnd,
  scene: FaultScene,
  measured: MeasuredTimes,
): Recovery | null {
  const last = decided.at(-1);
  const begun = last === undefined ? null : instantSpan(last.at, scene.timing);
  return begun && added([known(begun), delayed(delay), ...partsOf(decided, scene, measured)]);
}

/** For how long nobody serves, in seconds, from the end of the old engine on. Null: that hangs on a person. Pure. */
export function gapSince(
  ended: Instant,
  { decided, delay }: SinceEnd,
  scene: FaultScene,
  measured: MeasuredTimes,
): Recovery | null {
  const last = decided.at(-1);
  const begun = last === undefined ? null : spanBetween(ended, last.at, scene.timing);
  return begun && added([known(begun), delayed(delay), ...partsOf(decided, scene, measured)]);
}

function added(parts: readonly Recovery[]): Recovery {
  const sum = (key: keyof Spread) => parts.reduce((seconds, part) => seconds + part[key], 0);
  const atLeast = parts.some((part) => part.atLeast);
  return { best: sum('best'), typical: sum('typical'), worst: sum('worst'), atLeast };
}

/** What has to be done until the new one serves, by the steps that the rules have taken since the old one ended. */
function partsOf(decided: readonly DecidedMoment[], scene: FaultScene, measured: MeasuredTimes): Recovery[] {
  const { engineStop, engineStart, renewal, storageProof } = measured;
  const { timing, cutSeconds, mountSeconds } = scene;
  const took = (kind: StepKind) =>
    decided.find(({ decision }) => decision.steps.some((step) => step.kind === kind));
  const grants = decided.filter(({ decision }) => decision.steps.some((step) => step.kind === 'acquire'));
  const taken = grants.at(-1);
  const proves = taken !== undefined || took('prove-storage') !== undefined;
  const cuts = taken !== undefined && !taken.facts.peer.heard;
  return [
    ...(took('stop-engine') ? [known(engineStop)] : []),
    ...(took('copy-last') ? [atMost(stepTerms['copy-last'].limitMs(timing) / 1000)] : []),
    ...grants.map(() => granted(renewal, timing.O)),
    ...(proves ? [known(storageProof)] : []),
    ...(cuts && cutSeconds !== undefined ? [atMost(cutSeconds)] : []),
    ...(taken && mountSeconds !== undefined ? [atMost(mountSeconds)] : []),
    known(engineStart),
  ];
}

/** What was never measured adds nothing, and says so. */
function known(spread: Spread | null): Recovery {
  return spread === null ? { ...atMost(0), atLeast: true } : { ...spread, atLeast: false };
}

/** Waited for at most so long, and not measured beforehand: it counts in the worst case. */
function atMost(worst: number): Recovery {
  return { best: 0, typical: 0, worst, atLeast: false };
}

/** Steps that were tried in vain: how long that takes is not known beforehand, only the limit. */
function delayed(worst: number): Recovery {
  return { ...atMost(worst), atLeast: worst > 0 };
}

/** The worst case counts the grant with its whole time limit O. */
function granted(renewal: Spread | null, O: number): Recovery {
  const typical = renewal?.typical ?? 0;
  return { best: typical, typical, worst: O, atLeast: renewal === null };
}
