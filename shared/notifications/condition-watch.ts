import type { Condition } from './conditions.ts';
import { severityRank, type NotificationSeverity } from './policy.ts';

/** What is known of one condition that was seen lately. */
interface Watched {
  readonly condition: Condition;
  /** Since when it has been seen without a break, on the boot-time clock. */
  readonly sinceMs: number;
  /** Since when it is not seen any more; null: it is. */
  readonly goneMs: number | null;
  /** As how grave this member has told people of it at most; null: not at all. */
  readonly toldAs: NotificationSeverity | null;
  /** A person knew of it as it was at the last look. */
  readonly known: boolean;
}
export type WatchedConditions = Readonly<Record<string, Watched>>;

/** It is told once it has lasted so long: what a planned change brings for seconds is not worth a message. */
export const settleMs = 15_000;

export interface ConditionChange {
  readonly condition: Condition;
  readonly phase: 'began' | 'ended';
}

interface WatchScene {
  readonly nowMs: number;
  readonly tells: boolean;
  /** Whether a person has acknowledged a condition as it is now: it is not told then. */
  readonly isKnown?: (condition: Condition) => boolean;
}

/**
 * Which conditions began and ended for people, with those seen now. One that both members see is told by whoever
 * `tells` at that time; one that was told is also ended by the same member. Pure.
 */
export function watchConditions(
  before: WatchedConditions,
  seen: readonly Condition[],
  scene: WatchScene,
): { readonly watched: WatchedConditions; readonly changes: readonly ConditionChange[] } {
  const watched: Record<string, Watched> = {};
  const changes: ConditionChange[] = [];
  for (const condition of seen) {
    const looked = look(before[condition.name], condition, scene);
    if (looked.due) changes.push({ condition, phase: 'began' });
    watched[condition.name] = looked.watched;
  }
  for (const [name, known] of Object.entries(before)) {
    if (watched[name] !== undefined || known.toldAs === null) continue;
    const goneMs = known.goneMs ?? scene.nowMs;
    // What comes and goes is one condition that lasts.
    if (scene.nowMs - goneMs < settleMs) watched[name] = { ...known, goneMs };
    else changes.push({ condition: known.condition, phase: 'ended' });
  }
  return { watched, changes };
}

/** One that is seen now, and whether it is told. */
function look(
  before: Watched | undefined,
  condition: Condition,
  { nowMs, tells, isKnown = () => false }: WatchScene,
): { readonly watched: Watched; readonly due: boolean } {
  const sinceMs = before?.sinceMs ?? nowMs;
  const known = isKnown(condition);
  // What a person knew of has changed: it is news again.
  const toldAs = known || before?.known !== true ? (before?.toldAs ?? null) : null;
  const isNews = toldAs === null || severityRank[condition.severity] < severityRank[toldAs];
  const due = nowMs - sinceMs >= settleMs && isNews && !known && (tells || !condition.ofCluster);
  return {
    due,
    watched: { condition, sinceMs, goneMs: null, toldAs: due ? condition.severity : toldAs, known },
  };
}

/** Those that people were told of and that still last. */
export function lastingConditions(watched: WatchedConditions): Condition[] {
  return conditionsWhere(watched, ({ toldAs }) => toldAs !== null);
}

/** Those of them that nobody has acknowledged. */
export function openConditions(watched: WatchedConditions): Condition[] {
  return conditionsWhere(watched, ({ toldAs, known }) => toldAs !== null && !known);
}

function conditionsWhere(watched: WatchedConditions, holds: (one: Watched) => boolean): Condition[] {
  return Object.values(watched)
    .filter(holds)
    .map(({ condition }) => condition);
}

/** What people were told of before this agent was started: it is not told again, and its end is. */
export function knownConditions(told: readonly Condition[], nowMs: number): WatchedConditions {
  return Object.fromEntries(
    told.map((condition) => [
      condition.name,
      { condition, sinceMs: nowMs, goneMs: null, toldAs: condition.severity, known: false },
    ]),
  );
}
