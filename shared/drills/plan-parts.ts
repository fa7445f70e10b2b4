import type { Blocker } from '../agent-api/member-snapshot.ts';
import { formatSpan } from '../fleet/age.ts';
import type { ClusterSight, MemberSight } from '../fleet/sight.ts';
import type { DrillExpectation, DrillKind, DrillLine } from './drill-record.ts';

/** What a drill would do now, what it is expected to show, and what stands in its way. */
export interface DrillPlan {
  readonly kind: DrillKind;
  readonly active: MemberSight | null;
  readonly taker: MemberSight | null;
  /** What will happen, and what senders will see of it. */
  readonly prose: readonly string[];
  /** Each with its remedy; empty: it can begin. */
  readonly refusals: readonly Blocker[];
  readonly expectation: DrillExpectation;
  readonly lines: readonly DrillLine[];
  readonly steps: readonly string[];
  /** What a person has to type before it begins; absent: nothing. */
  readonly typed?: string;
}

/** What the plan of every kind is made from. */
export interface Parts {
  readonly sight: ClusterSight;
  readonly active: MemberSight | null;
  readonly taker: MemberSight | null;
  readonly goalSeconds: number | null;
}

/** What differs from kind to kind. */
export type Told = Pick<DrillPlan, 'prose' | 'expectation' | 'lines' | 'steps' | 'typed'>;

/** The name of a member, or other words where it is not known. */
export const nameOf = (member: MemberSight | null, otherwise: string) => member?.name ?? otherwise;

/** One expectation, still open. */
export function line(id: string, what: string, expected: string, decides = true): DrillLine {
  return { id, what, expected, happened: null, verdict: 'open', decides };
}

/** Empty where the site has stated no goal. */
export function goalLine({ goalSeconds }: Parts): DrillLine[] {
  return goalSeconds === null ? [] : [line('goal', 'Goal of the site', `at most ${goalSeconds} s`)];
}

/** What was computed of the time without an Active, and the goal. */
export function timeLines(
  parts: Parts,
  planned: { readonly bestMs: number; readonly worstMs: number } | null,
): DrillLine[] {
  const computed =
    planned === null
      ? []
      : [
          line(
            'time',
            'Longest time without an Active',
            `${formatSpan(planned.bestMs)} to ${formatSpan(planned.worstMs)} (computed)`,
            false,
          ),
        ];
  return [...computed, ...goalLine(parts)];
}
