import { leaseRunOut } from '../lease/timing.ts';
import { otherMember } from './cluster-role.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

/** Computed time without an Active after a crash of the Active's server, in milliseconds. */
export interface RecoveryEstimate {
  readonly bestMs: number;
  readonly typicalMs: number;
  readonly worstMs: number;
  readonly leaseMs: { readonly best: number; readonly worst: number };
  /** As last measured, and on which member; null: not measured yet, and not in the sums. */
  readonly storageMs: number | null;
  readonly engineStart: { readonly ms: number; readonly on: string } | null;
}

/**
 * Lease run-out by the timing policy, plus storage proof and engine start as last measured where the
 * cluster would go; a start that was never seen there is taken from the member that made one. Null when nothing was ever heard of either member.
 */
export function recoveryEstimate(
  sight: ClusterSight,
  from: MemberSight | undefined,
): RecoveryEstimate | null {
  const taker = from ? otherMember(sight, from) : undefined;
  const timing = (from ?? sight.members.find((member) => member.snapshot))?.snapshot?.timing;
  if (!timing) return null;
  const lease = leaseRunOut(timing);
  const storageMs = taker?.snapshot?.storage.proven.value?.tookMs ?? null;
  const engineStart = measuredStart(taker ?? null) ?? measuredStart(from ?? null);
  const rest = (storageMs ?? 0) + (engineStart?.ms ?? 0);
  return {
    bestMs: lease.best * 1000 + rest,
    typicalMs: lease.typical * 1000 + rest,
    worstMs: lease.worst * 1000 + rest,
    leaseMs: { best: lease.best * 1000, worst: lease.worst * 1000 },
    storageMs,
    engineStart,
  };
}

/** The last start of an engine that this member saw. */
export function measuredStart(member: MemberSight | null): { ms: number; on: string } | null {
  const ms = member?.snapshot?.engine.lastStartMs ?? null;
  return member && ms !== null ? { ms, on: member.name } : null;
}
