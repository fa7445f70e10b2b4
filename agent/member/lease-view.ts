import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { storeSilentMs } from '../../shared/lease/noticing.ts';
import { freeInMs, leaseLeftMs, type HolderMemory, type HolderState } from '../../shared/lease/holder.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import type { MemoryFile } from './member-memory.ts';

/** What the holder works on, from what is on disk. */
export function holderMemory(memory: MemoryFile): HolderMemory {
  const { epoch, ended, storeId, forced } = memory.current();
  // The epoch is the one that a person has raised, as long as no store has granted a higher one.
  return { epoch, ended, storeId, ...(forced?.epoch === epoch ? { jumpedFrom: forced.from } : {}) };
}

/** What the peer tells of itself, as far as it shows who may be Active. */
export type HeardPeer = Pick<MemberFacts['peer'], 'role' | 'epoch'>;

/** The peer is Active, or on its way there or from there, with an epoch above `own`. */
export function goesAbove({ role, epoch }: HeardPeer, own: number): boolean {
  const active = role === 'active' || role === 'taking-over' || role === 'stopping';
  return active && epoch !== null && epoch > own;
}

/** The store still names this member although its epoch has ended here. */
export function releasesOpen({ seen, memory }: HolderState, self: string): boolean {
  const named = seen !== null && seen.view.holder === self && seen.view.epoch <= memory.ended;
  return named && memory.jumpedFrom === undefined;
}

/** What the store says about automatic failover, with the times left counted down since its answer. */
export function policyFacts({ seen }: HolderState, nowMs: number) {
  const policy = seen?.view.policy;
  const sinceMs = nowMs - (seen?.receivedMs ?? nowMs);
  const present = <Told extends { readonly leftMs: number }>(told: Told | null | undefined): Told | null =>
    !told || told.leftMs <= sinceMs ? null : { ...told, leftMs: told.leftMs - sinceMs };
  return {
    block: present(policy?.block),
    maintenance: present(policy?.maintenance),
    maintenanceSaid: policy?.maintenanceSaid === true,
    policyVersion: policy?.version ?? null,
    lastHolder: policy?.lastHolder ?? null,
    ...(policy?.secondPerson === undefined ? {} : { secondPerson: policy.secondPerson }),
  };
}

/** The store's newest answer; nulls while there is none. */
export function storeView({ seen }: HolderState, nowMs: number) {
  if (seen === null) {
    const nothing = {
      holder: null,
      storeEpoch: null,
      reservedFor: null,
      answeredMs: null,
      roundTripMs: null,
    };
    return { ...nothing, storeRenewedMs: null, storeForced: null };
  }
  return {
    holder: seen.view.holder,
    storeEpoch: seen.view.epoch,
    reservedFor: seen.view.reservedFor,
    answeredMs: nowMs - seen.receivedMs,
    roundTripMs: seen.roundTripMs,
    storeRenewedMs: seen.view.renewedMs == null ? null : seen.view.renewedMs + nowMs - seen.receivedMs,
    storeForced: seen.view.forced ?? null,
  };
}

/** The store has answered lately. */
export function storeAnswers({ seen }: HolderState, nowMs: number, timing: TimingPolicy): boolean {
  return seen !== null && nowMs - seen.receivedMs <= storeSilentMs(timing);
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
    releasing: releasesOpen(holder, self),
  };
}
