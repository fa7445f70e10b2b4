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

/** What a person states about the other server: something that lasts until a person ends it. */
export const fenceStatements = ['power-off', 'network-and-storage-cut'] as const;
export type FenceStatement = (typeof fenceStatements)[number];

/** A takeover that was forced without the store, as this member keeps it. It stands until the peer is re-admitted. */
export interface ForcedAlone {
  /** The epoch that it jumped to, and the highest that was known then. */
  readonly epoch: number;
  readonly from: number;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  readonly statement: FenceStatement;
}

/** What a store's record means for a member that lives without the store. */
export type ForcedJudgement =
  | { readonly kind: 'go-on' }
  /** No lease is live: the store is told of the takeover, and grants an epoch above it. */
  | { readonly kind: 'adopt' }
  | { readonly kind: 'stop'; readonly why: string };

/**
 * Judges a record that the store still remembers enough of to be believed.
 *
 * A lease that the peer has renewed since the takeover shows that the statement was not true: then this member stops,
 * since the other one has the store's word and nobody can be sure that it will hear of the takeover.
 *
 * @param sinceMs how long ago this member took over
 */
export function judgeRecordWhileForced(
  record: {
    readonly epoch: number;
    readonly holder: string | null;
    readonly freeInMs: number;
    readonly renewedMs: number | null;
    readonly forced: Pick<ForcedNote, 'epoch' | 'by'> | null;
  },
  self: string,
  own: Pick<ForcedAlone, 'epoch'>,
  sinceMs: number,
): ForcedJudgement {
  const byOther = record.holder !== null && record.holder !== self;
  if (byOther && forcedAbove(record.forced, own.epoch)) {
    const by = record.forced?.by ?? 'a person';
    return {
      kind: 'stop',
      why: `${record.holder} holds a lease since a later takeover that ${by} has forced`,
    };
  }
  const live = record.freeInMs > 0;
  const renewed = record.renewedMs !== null && record.renewedMs < sinceMs;
  if (byOther && live && (renewed || record.epoch > own.epoch)) {
    return {
      kind: 'stop',
      why: `${record.holder} has renewed its lease since: it was neither off nor cut off`,
    };
  }
  return live ? { kind: 'go-on' } : { kind: 'adopt' };
}

/** How far a forced takeover without the store jumps at least: no store grants so often before somebody looks. */
const jump = 1_000;

/**
 * The epoch of a forced takeover without the store. Each member jumps into its own half of a thousand, so that neither
 * the epoch nor any that a store grants above it is one that the other member jumps to, whatever either knows of the
 * other ([why](../../docs/adr/0019-epochs-of-forced-takeovers.md)).
 *
 * @param highest any epoch known here: own, of the store's last answer, of the peer's last beat
 * @param index of the member in the site document, 0 or 1
 */
export function jumpedEpoch(highest: number, index: number): number {
  return (Math.floor(highest / jump) + 2) * jump + index * (jump / 2);
}
