import { provenInMs } from '../storage/mount-control.ts';
import { leaseRunOut } from '../lease/timing.ts';
import { otherMember } from './cluster-role.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

/** Computed time without an Active after a crash of the Active's server, in milliseconds. */
export interface RecoveryEstimate {
  readonly bestMs: number;
  readonly typicalMs: number;
  readonly worstMs: number;
  readonly leaseMs: { readonly best: number; readonly worst: number };
  /** Name of the member that would take over. */
  readonly on: string;
  /** As last measured, and on which member; null: not measured yet, and not in the sums. */
  readonly storageMs: number | null;
  readonly engineStart: MeasuredStart | null;
}

export interface MeasuredStart {
  readonly ms: number;
  readonly on: string;
  /** Never seen where the cluster would go: taken over from the other member. */
  readonly assumed: boolean;
}

/**
 * Lease run-out by the timing policy, plus storage proof and engine start as last measured where the
 * cluster would go; a start that was never seen there is assumed as on the member that made one. Null
 * when nothing was ever heard of either member.
 */
export function recoveryEstimate(
  sight: ClusterSight,
  from: MemberSight | undefined,
): RecoveryEstimate | null {
  const taker = from ? otherMember(sight, from) : undefined;
  const timing = (from ?? sight.members.find((member) => member.snapshot))?.snapshot?.timing;
  if (!timing) return null;
  const lease = leaseRunOut(timing);
  const storageMs = taker?.snapshot ? provenInMs(taker.snapshot) : null;
  const engineStart = measuredStart(taker ?? null, from ?? null);
  const rest = (storageMs ?? 0) + (engineStart?.ms ?? 0);
  return {
    bestMs: lease.best * 1000 + rest,
    typicalMs: lease.typical * 1000 + rest,
    worstMs: lease.worst * 1000 + rest,
    leaseMs: { best: lease.best * 1000, worst: lease.worst * 1000 },
    on: taker?.name ?? 'the other server',
    storageMs,
    engineStart,
  };
}

/** The last start of the engine on `taker`; where it was never seen, that on the other member. */
export function measuredStart(taker: MemberSight | null, other: MemberSight | null): MeasuredStart | null {
  const own = taker?.snapshot?.engine.lastStartMs ?? null;
  if (taker && own !== null) return { ms: own, on: taker.name, assumed: false };
  const lent = other?.snapshot?.engine.lastStartMs ?? null;
  return other && lent !== null ? { ms: lent, on: other.name, assumed: true } : null;
}

/** What an estimate is made of: by rule, measured, assumed, and what is not in it. */
export function recoveryBasis({ storageMs, engineStart, on }: RecoveryEstimate): string {
  const measured = [
    ...(storageMs === null ? [] : ['storage']),
    ...(engineStart && !engineStart.assumed ? ['start'] : []),
  ];
  const missing = [...(storageMs === null ? ['storage'] : []), ...(engineStart === null ? ['start'] : [])];
  return [
    'lease by rule',
    ...(measured.length === 0 ? [] : [`${measured.join(' and ')} measured on ${on}`]),
    ...(engineStart?.assumed ? [`start assumed as on ${engineStart.on}`] : []),
    ...(missing.length === 0 ? [] : [`${missing.join(' and ')} not measured, on top`]),
  ].join(', ');
}
