import { formatMeasured } from '../fleet/age.ts';
import { clusterRole, otherMember } from '../fleet/cluster-role.ts';
import { recoveryEstimate } from '../fleet/recovery.ts';
import type { ClusterSight, MemberSight } from '../fleet/sight.ts';
import { planSwitchover } from '../fleet/switchover-plan.ts';
import { stepWords } from '../history/step-parts.ts';
import type { ToldPart } from '../history/time-parts.ts';

/** How long a cluster would have been without an Active, as it was computed before it was. */
export interface PlannedTime {
  readonly worstMs: number;
  /** Each of the long steps was measured before. */
  readonly isComplete: boolean;
  /** Named as the journals tell them; only those that were measured or are bounded by rule. */
  readonly parts: readonly { readonly what: string; readonly ms: number }[];
}

/** For each way in which it could have moved; null: not enough was known. */
export interface PlannedTimes {
  readonly planned: PlannedTime | null;
  readonly takeover: PlannedTime | null;
}

/** What the cluster would need if it moved now. Pure. */
export function plannedTimes(sight: ClusterSight): PlannedTimes {
  const role = clusterRole(sight);
  const active = role.kind === 'one' ? role.active : null;
  const taker = active && otherMember(sight, active);
  if (!active || !taker) return { planned: null, takeover: null };
  return { planned: switchoverTime(sight, taker), takeover: takeoverTime(sight, active) };
}

function switchoverTime(sight: ClusterSight, taker: MemberSight): PlannedTime {
  const { steps, withoutActive } = planSwitchover(sight, taker, { role: 'viewer', connected: true });
  return {
    worstMs: withoutActive.worstMs,
    isComplete: withoutActive.complete,
    parts: steps
      .filter((step) => step.withoutActive)
      .flatMap(({ kind, on, expectedMs }) =>
        expectedMs === null ? [] : [{ what: `${stepWords(kind)} on ${on}`, ms: expectedMs }],
      ),
  };
}

function takeoverTime(sight: ClusterSight, active: MemberSight): PlannedTime | null {
  const estimate = recoveryEstimate(sight, active);
  if (estimate === null) return null;
  const { worstMs, leaseMs, storageMs, engineStart, on } = estimate;
  return {
    worstMs,
    isComplete: storageMs !== null && engineStart !== null,
    parts: [
      { what: 'waiting for the lease', ms: leaseMs.worst },
      ...(storageMs === null ? [] : [{ what: `${stepWords('prove-storage')} on ${on}`, ms: storageMs }]),
      ...(engineStart === null
        ? []
        : [{ what: `${stepWords('start-engine')} on ${on}`, ms: engineStart.ms }]),
    ],
  };
}

/** Shorter than this nobody looks for. */
const worthTellingMs = 500;

/** Each part that took longer than it was to, with by how much, and each that was not planned at all; the longest first. */
export function partsOver({ parts }: PlannedTime, told: readonly ToldPart[]): string[] {
  const took = new Map<string, number>();
  for (const { what, ms } of told) took.set(what, (took.get(what) ?? 0) + ms);
  return [...took]
    .map(([what, ms]) => {
      const planned = parts.find((part) => part.what === what)?.ms ?? null;
      return { what, ms, planned, overMs: ms - (planned ?? 0) };
    })
    .filter(({ overMs }) => overMs >= worthTellingMs)
    .sort((one, other) => other.overMs - one.overMs)
    .map(({ what, ms, planned, overMs }) =>
      planned === null
        ? `${what} ${formatMeasured(ms)}, not in the plan`
        : `${what} ${formatMeasured(ms)}, ${formatMeasured(overMs)} more than planned`,
    );
}

/** A busy server may take twice as long as last time; this is more than that explains. */
const farOver = { times: 3, byMs: 10_000 } as const;

export function isFarOver({ worstMs }: PlannedTime, tookMs: number): boolean {
  return tookMs > worstMs * farOver.times && tookMs > worstMs + farOver.byMs;
}
