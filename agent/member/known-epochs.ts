import { jumpedEpoch } from '../../shared/lease/forced.ts';
import type { MemberParts } from './member-parts.ts';

/** Of every source that may know one: a raised epoch must be above all that were ever used. */
export function highestKnownEpoch(parts: MemberParts): number {
  const { memory, keeper, peer, probes, clock } = parts;
  const nowMs = clock.bootMs();
  const { epoch, ended, expelled, forced } = memory.current();
  const standing = keeper.replacing.standing();
  return Math.max(
    epoch,
    ended,
    expelled?.epoch ?? 0,
    forced?.epoch ?? 0,
    keeper.facts(nowMs).storeEpoch ?? 0,
    'epoch' in standing ? standing.epoch : 0,
    peer.facts(nowMs).status?.epoch ?? 0,
    probes.storage.fact(nowMs).value?.generation ?? 0,
    keeper.replacing.storageAhead() ?? 0,
  );
}

/**
 * What a new store has to begin with, as far as this member knows. One whose state is damaged has forgotten what it was
 * granted: then it is far above everything that is known.
 */
export function epochForNewStore(parts: MemberParts): number {
  const known = highestKnownEpoch(parts);
  return parts.memory.damaged === null ? known : jumpedEpoch(known, memberIndex(parts));
}

/**
 * Of what a store is known to have granted: one that knows less has lost its memory. Epochs that people have raised do
 * not count, no store has heard of them.
 */
export function highestGrantedEpoch({ memory, keeper, clock }: MemberParts): number {
  const granted = keeper.forced.note()?.from ?? memory.current().epoch;
  return Math.max(granted, keeper.facts(clock.bootMs()).storeEpoch ?? 0);
}

/** 0 or 1: the same on both members, without anything that could be configured differently. */
export function memberIndex({ config }: MemberParts): number {
  return config.server < config.peer.server ? 0 : 1;
}
