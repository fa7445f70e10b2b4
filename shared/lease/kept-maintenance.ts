/**
 * What a member itself remembers of a maintenance, beside the lease store's record.
 *
 * A maintenance begins with three durable writes: the Passive's, the asked member's, then the store's. While the store
 * is heard its record is the truth, so that a write of a member whose store never took the maintenance has no effect.
 * The members' writes count where the store cannot say: it has not been heard since this agent started, or it is
 * another store, which cannot know until a person has begun or ended a maintenance there.
 */

export interface KeptMaintenance {
  /** The store that it was to be written to. */
  readonly storeId: string | null;
  /** The version of the store's policy that brings it. */
  readonly version: number;
  readonly by: string;
  readonly reason: string;
  /** Counted anew after a start of the agent: it may last longer than asked for, never shorter. */
  readonly lastsMs: number;
}

export interface MaintenanceTold {
  readonly by: string;
  readonly reason: string;
  readonly leftMs: number;
}

/** What the store was last heard to say; null: nothing since this agent started. */
export interface StoreOnMaintenance {
  readonly storeId: string;
  /** Null: a store of an earlier release, which keeps none. */
  readonly version: number | null;
  readonly maintenance: MaintenanceTold | null;
  /** A person has begun or ended a maintenance at this store. */
  readonly said: boolean;
}

/** The maintenance in effect; null: none that this member knows of. */
export function maintenanceNow(
  store: StoreOnMaintenance | null,
  kept: KeptMaintenance | null,
  keptForMs: number,
): MaintenanceTold | null {
  const told = store?.maintenance ?? null;
  if (told !== null || kept === null || knows(store, kept)) return told;
  const leftMs = kept.lastsMs - keptForMs;
  return leftMs > 0 ? { by: kept.by, reason: kept.reason, leftMs } : null;
}

/** What became of it: the store that it was to be written to, or one at which a person has said something since. */
function knows(store: StoreOnMaintenance | null, { storeId }: KeptMaintenance): boolean {
  return store !== null && (store.storeId === storeId || store.said);
}

/**
 * How long after a member has kept it a maintenance may still be on its way to the store: many times what the steps of
 * its beginning may take together with any preset.
 */
const beginsWithinMs = 120_000;

/**
 * It need not be remembered any longer: its time is over, the store that has known it does not know it any more, a
 * later store knows better, or it has never begun, because whoever was asked for it died on the way.
 *
 * @param heardAgoMs age of the store's last answer; null: there was none
 */
export function maintenanceIsOver(
  store: StoreOnMaintenance | null,
  kept: KeptMaintenance,
  keptForMs: number,
  heardAgoMs: number | null,
): boolean {
  if (store === null || !knows(store, kept)) return keptForMs >= kept.lastsMs;
  if (store.maintenance !== null) return false;
  if (store.storeId !== kept.storeId) return true;
  const heardSince = heardAgoMs !== null && keptForMs - heardAgoMs >= beginsWithinMs;
  return keptForMs >= kept.lastsMs || (store.version ?? 0) >= kept.version || heardSince;
}

/**
 * Where the Passive's word must come from when `self` is asked: from the peer, unless the peer is the one that holds
 * the lease by the store's record. While nobody holds it, either may take over, and both must have it.
 */
export function passiveIsAsked(lease: {
  readonly held: boolean;
  readonly holder: string | null;
  readonly freeInMs: number | null;
  readonly peer: string;
}): boolean {
  const peerIsActive = !lease.held && lease.holder === lease.peer && (lease.freeInMs ?? 0) > 0;
  return !peerIsActive;
}
