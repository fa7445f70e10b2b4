import type { HolderState } from '../../shared/lease/holder.ts';

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
