/**
 * A takeover that a person has forced (docs/failover.md, "Forced takeover").
 *
 * Two ways: through the store, which waits until no lease is live and marks its record; and without the store, where
 * the epoch jumps so far that no grant can meet it.
 */

/** What the store keeps of the last forced takeover of a cluster. */
export interface ForcedNote {
  /** The epoch that was granted by it. */
  readonly epoch: number;
  readonly by: string;
  readonly reason: string;
  /** When, as text for people: never compared. */
  readonly at: string;
  /** It had begun without the store, which has learned of it later. */
  readonly alone: boolean;
}

/** Whether a person has taken over by force above `epoch`: whoever still lives under it stops. */
export function forcedAbove(forced: Pick<ForcedNote, 'epoch'> | null | undefined, epoch: number): boolean {
  return forced !== null && forced !== undefined && forced.epoch > epoch;
}

/** How far a forced takeover without the store jumps: no store grants so often before somebody looks. */
const jump = 1_000;

/**
 * The epoch of a forced takeover without the store. Members jump to different ones, so that two takeovers forced from
 * the same knowledge are never the same epoch.
 *
 * @param highest any epoch known here: own, of the store's last answer, of the peer's last beat
 * @param index of the member in the site document, 0 or more
 */
export function jumpedEpoch(highest: number, index: number): number {
  return highest + jump + index;
}
