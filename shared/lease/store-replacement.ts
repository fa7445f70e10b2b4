/**
 * Replacing a lost lease store (docs/failover.md, "The lease store is replaced"): what has to be done, judged from what
 * answers in its place. The order that the shell keeps is what makes it safe: both members belong to the new store
 * before either tells its highest epoch, so that no late grant of the old one can raise it afterwards.
 */

/** What answers where a member's lease store should be. */
export type StoreStanding =
  | { readonly kind: 'working'; readonly storeId: string; readonly epoch: number }
  /** It runs, and has no record. */
  | { readonly kind: 'unseeded' }
  /** It has a record of another id than this member belongs to. */
  | { readonly kind: 'other'; readonly storeId: string; readonly epoch: number }
  /** It knows a lower epoch than this member or the storage: an older state of its disk, or nobody has told it. */
  | { readonly kind: 'behind'; readonly epoch: number }
  | { readonly kind: 'silent' };

/** It answers, and only a person can have it used again. */
export function storeIsLost(standing: StoreStanding['kind']): boolean {
  return standing === 'unseeded' || standing === 'other' || standing === 'behind';
}

/**
 * The epoch that the storage carries, where the store was asked since and knows a lower one, and this member as well;
 * null: there is none. An epoch is granted before the storage carries it, so that a store that knows less later has
 * forgotten it, or has never heard of it: a person had raised it, and the member that knew of that has lost its state.
 * Whatever such a store grants, nothing can be started under it.
 *
 * @param carried what the looks at the storage find, and since when
 * @param answer the newest answer of the store that is believed, and when its request was sent
 */
export function storageAhead(
  carried: { readonly generation: number; readonly sinceMs: number } | null,
  answer: { readonly epoch: number; readonly sentMs: number } | null,
  own: number,
): number | null {
  if (carried === null || answer === null || answer.sentMs < carried.sinceMs) return null;
  return carried.generation > Math.max(answer.epoch, own) ? carried.generation : null;
}

export type ReplacementPlan =
  /** Both members shall belong to the store with this id, which has a record that is good enough. */
  | { readonly kind: 'join'; readonly storeId: string }
  /** Both members shall belong to a new id, and the store gets its first record under it. */
  | { readonly kind: 'seed' }
  | { readonly kind: 'refuse'; readonly why: 'silent' };

/**
 * @param highestEpoch the highest durable epoch of both members, as far as it is known before anything is changed
 * @param granted the same without what a person has raised and its member still knows of: a store that works will be
 * told of that
 */
export function planReplacement(
  standing: StoreStanding,
  highestEpoch: number,
  granted: number,
): ReplacementPlan {
  switch (standing.kind) {
    case 'working':
      return standing.epoch >= granted ? { kind: 'join', storeId: standing.storeId } : { kind: 'seed' };
    case 'other':
      return standing.epoch >= highestEpoch ? { kind: 'join', storeId: standing.storeId } : { kind: 'seed' };
    case 'unseeded':
    case 'behind':
      return { kind: 'seed' };
    case 'silent':
      return { kind: 'refuse', why: 'silent' };
  }
}

export type LoneReplacementPlan =
  | { readonly kind: 'nothing'; readonly storeId: string }
  | { readonly kind: 'seed' }
  | { readonly kind: 'refuse'; readonly why: 'silent' };

/**
 * With one member gone, whose epoch nobody can ask for. A record that another store has is not joined: what the member
 * that is gone knows of it cannot be asked either, so that it gets an epoch above everything that may have been used.
 */
export function planLoneReplacement(standing: StoreStanding): LoneReplacementPlan {
  switch (standing.kind) {
    case 'working':
      return { kind: 'nothing', storeId: standing.storeId };
    case 'other':
    case 'unseeded':
    case 'behind':
      return { kind: 'seed' };
    case 'silent':
      return { kind: 'refuse', why: 'silent' };
  }
}

export type PinRefusal = 'works' | 'lease';

/**
 * Whether a member may belong to `storeId` from now on because its peer says that a person wants it. One whose own
 * store works does not: then its peer is mistaken, unless that knows a higher epoch than the store. One with a lease in
 * use waits until it lives on a promise.
 *
 * One whose state is damaged belongs to no store and uses nothing that one grants: it judges by what answers it, and
 * begins anew with that.
 */
export function judgePin(
  member: {
    readonly pinned: string | null;
    readonly standing: StoreStanding;
    readonly leaseInUse: boolean;
    readonly epoch: number;
    /** The highest epoch that the peer knows; 0: none. */
    readonly peerEpoch: number;
  },
  storeId: string,
): PinRefusal | null {
  const { pinned, standing, epoch, peerEpoch } = member;
  if (pinned === storeId || (standing.kind === 'working' && standing.storeId === storeId)) return null;
  // An epoch that a person has had this member raise is no fault of the store: that will be told of it.
  const lacks = standing.kind === 'working' && peerEpoch > Math.max(standing.epoch, epoch);
  if (standing.kind === 'working' && (member.leaseInUse || !lacks)) return 'works';
  return member.leaseInUse ? 'lease' : null;
}

export function pinRefusalWords(name: string, why: PinRefusal): string {
  switch (why) {
    case 'works':
      return `the lease store still answers ${name} as it should`;
    case 'lease':
      return `${name} still uses a lease of the old store; within seconds it lives on a promise of its peer, or has stopped`;
  }
}
