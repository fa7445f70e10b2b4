import { freeInMs, leaseLeftMs, type HolderState } from '../../shared/lease/holder.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';

/** What the store says about automatic failover, with the times left counted down since its answer. */
export function policyFacts({ seen }: HolderState, nowMs: number) {
  const policy = seen?.view.policy;
  const sinceMs = nowMs - (seen?.receivedMs ?? nowMs);
  const present = <Told extends { readonly leftMs: number }>(told: Told | null | undefined): Told | null =>
    !told || told.leftMs <= sinceMs ? null : { ...told, leftMs: told.leftMs - sinceMs };
  return {
    block: present(policy?.block),
    maintenance: present(policy?.maintenance),
    lastHolder: policy?.lastHolder ?? null,
  };
}

/** The store's newest answer; nulls while there is none. */
export function storeView({ seen }: HolderState, nowMs: number) {
  if (seen === null) {
    return { holder: null, storeEpoch: null, reservedFor: null, answeredMs: null, roundTripMs: null };
  }
  return {
    holder: seen.view.holder,
    storeEpoch: seen.view.epoch,
    reservedFor: seen.view.reservedFor,
    answeredMs: nowMs - seen.receivedMs,
    roundTripMs: seen.roundTripMs,
  };
}

/** The store has answered lately. */
export function storeAnswers({ seen }: HolderState, nowMs: number, { H, O }: TimingPolicy): boolean {
  return seen !== null && nowMs - seen.receivedMs <= (H + 2 * O) * 1000;
}

/** The lease by this member's own count and by the store's newest answer. */
export function leaseView(holder: HolderState, nowMs: number, self: string) {
  const { lease, seen, memory } = holder;
  return {
    ...storeView(holder, nowMs),
    leftMs: leaseLeftMs(holder, nowMs),
    renewedMs: lease === null ? null : nowMs - lease.sentMs,
    storeId: memory.storeId,
    seenStoreId: seen?.view.storeId ?? null,
    freeInMs: freeInMs(holder, nowMs),
    /** The store still has to confirm a release. */
    releasing: seen?.view.holder === self && seen.view.epoch <= memory.ended,
  };
}
