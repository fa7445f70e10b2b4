import type { Acknowledgement } from './acknowledgement.ts';
import { settleMs } from './condition-watch.ts';
import type { Condition } from './conditions.ts';

const spans = /\d+(?:[.,]\d+)?(?:\s*(?:ms|s|min|h|d)\b)?/g;

/** What makes a condition the same for a person: how bad it is and what it says, but for numbers and times. Pure. */
export function markOf({ severity, sentence }: Pick<Condition, 'severity' | 'sentence'>): string {
  return `${severity} ${sentence.replace(spans, '#').replace(/#(?:\s#)+/g, '#')}`.slice(0, 2_000);
}

/** What was said of the condition as it is now; undefined: nothing, or of another one. Pure. */
export function acknowledgementOf<Said extends Pick<Acknowledgement, 'name' | 'mark'>>(
  said: readonly Said[],
  condition: Pick<Condition, 'name' | 'severity' | 'sentence'>,
): Said | undefined {
  const mark = markOf(condition);
  return said.find((one) => one.name === condition.name && one.mark === mark);
}

/** An acknowledgement of this member, on its boot-time clock. */
export interface HeldAcknowledgement {
  readonly said: Acknowledgement;
  readonly atMs: number | null;
  /** Since when its condition is not seen any more; null: it is. */
  readonly goneMs: number | null;
}

/** Those that still hold with what is seen now. What comes and goes is one thing that lasts. Pure. */
export function heldStill(
  held: readonly HeldAcknowledgement[],
  seen: readonly Condition[],
  nowMs: number,
): HeldAcknowledgement[] {
  return held.flatMap((one) => {
    const condition = seen.find(({ name }) => name === one.said.name);
    const goneMs = condition === undefined ? (one.goneMs ?? nowMs) : null;
    const holds =
      condition === undefined ? nowMs - (goneMs ?? nowMs) < settleMs : markOf(condition) === one.said.mark;
    return holds ? [{ ...one, goneMs }] : [];
  });
}
