import * as z from 'zod/mini';
import { DrillKind, drillKinds, endedDrills, type DrillRecord } from './drill-record.ts';

/** Bounds of how often, in days. */
export const everyDaysAtLeast = 1;
export const everyDaysAtMost = 3_650;

/** How often a cluster's drill shall be made; kept by the site's profile. */
export const DrillRoutine = z.strictObject({
  cluster: z.string().check(z.maxLength(64)),
  kind: DrillKind,
  everyDays: z.int().check(z.minimum(everyDaysAtLeast), z.maximum(everyDaysAtMost)),
});
export type DrillRoutine = z.infer<typeof DrillRoutine>;

/** What a person says of one drill of a cluster. Null: nothing any more, it is as usual again. */
export const DrillInterval = z.strictObject({
  ...{ cluster: DrillRoutine.shape.cluster, kind: DrillKind },
  everyDays: z.nullable(DrillRoutine.shape.everyDays),
});
export type DrillInterval = z.infer<typeof DrillInterval>;

/** The plan with what a person has said last. Pure. */
export function withInterval(
  routines: readonly DrillRoutine[],
  { cluster, kind, everyDays }: DrillInterval,
): DrillRoutine[] {
  const others = routines.filter((one) => one.cluster !== cluster || one.kind !== kind);
  return everyDays === null ? others : [...others, { cluster, kind, everyDays }];
}

/** When a drill is due. `due`: its day has come, or it was never passed and the site is not new; `soon`: within two weeks. */
export const DueDrill = z.object({
  cluster: z.string(),
  kind: DrillKind,
  everyDays: z.int(),
  /** Last one that passed, or left only open what became of every message; null: none. */
  lastAt: z.nullable(z.string()),
  /** Day by which it is to be made; null: it was never passed, and how old the site is is not known. */
  dueOn: z.nullable(z.string()),
  state: z.enum(['due', 'soon', 'fine']),
});
export type DueDrill = z.infer<typeof DueDrill>;

const dayMs = 24 * 3_600_000;
const soonMs = 14 * dayMs;

/** A site may run in for this long before its first drill. */
const firstWithinMs = 14 * dayMs;

/** What every cluster gets unless a person says otherwise: both directions each quarter of a year. */
export const usualPlan = { kind: 'switchover-and-back', everyDays: 90 } as const satisfies Omit<
  DrillRoutine,
  'cluster'
>;

/**
 * The plan of drills of a site, what is due first. Pure; `now` and `siteMadeAt` ISO times. Null: how old the site is is
 * not known, so what was never passed is due.
 */
export function dueDrills(
  clusters: readonly string[],
  routines: readonly DrillRoutine[],
  records: readonly DrillRecord[],
  siteMadeAt: string | null,
  now: string,
): DueDrill[] {
  const planned = clusters.flatMap((cluster) =>
    drillKinds.flatMap((kind) => {
      const said = routines.find((routine) => routine.cluster === cluster && routine.kind === kind);
      if (said !== undefined) return [said];
      return kind === usualPlan.kind ? [{ cluster, ...usualPlan }] : [];
    }),
  );
  return planned.map((routine) => dueOf(routine, records, siteMadeAt, now)).sort(byUrgency);
}

function dueOf(
  routine: DrillRoutine,
  records: readonly DrillRecord[],
  siteMadeAt: string | null,
  now: string,
): DueDrill {
  const last = endedDrills(records).find(
    (record) => record.cluster === routine.cluster && record.kind === routine.kind && isMade(record),
  );
  const lastAt = last?.startedAt ?? null;
  const dueMs =
    lastAt === null ? firstDueMs(siteMadeAt, now) : Date.parse(lastAt) + routine.everyDays * dayMs;
  if (dueMs === null) return { ...routine, lastAt, dueOn: null, state: 'due' };
  const leftMs = dueMs - Date.parse(now);
  const state = leftMs <= 0 ? 'due' : leftMs <= soonMs ? 'soon' : 'fine';
  return { ...routine, lastAt, dueOn: new Date(dueMs).toISOString().slice(0, 10), state };
}

/**
 * Made is made, also where nobody can prove what became of every message: a site whose engines tell no message by
 * name could never pass. Whatever else is not as expected has the drill made again.
 */
function isMade({ verdict, lines }: DrillRecord): boolean {
  if (verdict !== 'not-known') return verdict === 'passed';
  return lines.every((line) => !line.decides || line.verdict === 'met' || line.id === 'loss');
}

/** Two weeks after the site was made; null: nobody knows when, as by a clock that has been set back since. */
function firstDueMs(siteMadeAt: string | null, now: string): number | null {
  const madeMs = siteMadeAt === null ? NaN : Date.parse(siteMadeAt);
  return madeMs <= Date.parse(now) ? madeMs + firstWithinMs : null;
}

const urgency: Record<DueDrill['state'], number> = { due: 0, soon: 1, fine: 2 };

function byUrgency(one: DueDrill, other: DueDrill): number {
  return urgency[one.state] - urgency[other.state] || (one.dueOn ?? '').localeCompare(other.dueOn ?? '');
}
