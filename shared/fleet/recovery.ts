import { leaseRunOut } from '../lease/timing.ts';
import { otherMember } from './cluster-role.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

/** Computed time without an Active after a crash of the Active's server, in milliseconds. */
export interface RecoveryEstimate {
  readonly bestMs: number;
  readonly typicalMs: number;
  readonly worstMs: number;
  readonly leaseMs: { readonly best: number; readonly worst: number };
  /** Measured on the member that would take over; null: not measured yet, and not in the sums. */
  readonly storageMs: number | null;
  readonly engineStartMs: number | null;
}

/**
 * Lease run-out by the timing policy, plus storage proof and engine start as last measured where the
 * cluster would go. Null when nothing was ever heard of either member.
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
  const engineStartMs = taker?.snapshot?.engine.lastStartMs ?? null;
  const rest = (storageMs ?? 0) + (engineStartMs ?? 0);
  return {
    bestMs: lease.best * 1000 + rest,
    typicalMs: lease.typical * 1000 + rest,
    worstMs: lease.worst * 1000 + rest,
    leaseMs: { best: lease.best * 1000, worst: lease.worst * 1000 },
    storageMs,
    engineStartMs,
  };
}
