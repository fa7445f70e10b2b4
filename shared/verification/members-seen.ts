import type { JournalRecord } from '../agent-api/journal-record.ts';
import type { EvidenceReport } from '../agent-api/member-evidence.ts';
import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import type { MemberSeen, OtherCluster, StoreSeen } from './move-evidence.ts';
import { isWithin, widened, windowsOf } from './move-window.ts';
import type { Move } from './moves.ts';

/** What one member answered, or why it did not. */
export interface AskedMember {
  readonly server: string;
  readonly name: string;
  readonly snapshot: MemberSnapshot | null;
  readonly report: EvidenceReport | null;
  readonly why: string | null;
  /** Null: its journal could be read. */
  readonly journalMissing: string | null;
}

/**
 * The members as evidence of this move: what they say now counts only as long as the cluster has not moved again. By
 * epochs, since the clocks of two servers may differ.
 */
export function seenOfMove(move: Move, asked: readonly AskedMember[]): MemberSeen[] {
  const latest = Math.max(move.epoch, ...asked.map(({ snapshot }) => snapshot?.lease.epoch ?? 0));
  const again = latest > move.epoch ? `a later epoch is in force since, ${latest}` : null;
  return asked.map((member) =>
    again === null ? member : { ...member, snapshot: null, report: null, why: again },
  );
}

/** Why a member's journal does not reach back before the move; null: it does. */
export function journalBegin(records: readonly JournalRecord[], server: string, move: Move): string | null {
  const own = records.filter((record) => record.server === server);
  if (own.length === 0) return 'nothing of its journal is here';
  const first = own.reduce((one, other) => (other.seq < one.seq ? other : one));
  return first.seq > 1 && first.wallTime > move.beganAt ? 'what is here of it begins after the move' : null;
}

/** A lease store that was not asked itself, as the members read it. */
export function storeByMembers(name: string, members: readonly MemberSeen[], why: string): StoreSeen {
  const reader = members.find(({ snapshot }) => snapshot?.store.reachable && snapshot.lease.holder !== null);
  const holder = reader?.snapshot?.lease.holder ?? null;
  return {
    name: reader ? `${name}, as ${reader.name} read it` : name,
    epoch: null,
    holder,
    renewedMs: null,
    why,
  };
}

/** Steps that touch the engine or the lease; a guard that is restarted is none. */
const turns: readonly (string | null)[] = ['acquire', 'force', 'stop-engine', 'kill-engine', 'start-engine'];

/**
 * What the journals of another cluster tell of the time of a move.
 *
 * @param records of that cluster, as far around the move as clocks may be apart
 * @param moved records of the cluster that was moved
 */
export function otherCluster(
  cluster: string,
  {
    records,
    moved,
  }: { readonly records: readonly JournalRecord[]; readonly moved: readonly JournalRecord[] },
  move: Move,
  now: { readonly active: string | null; readonly missing: string | null },
): OtherCluster {
  const windowOn = windowsOf(moved, move);
  const touching = records.filter(
    ({ kind, step }) => kind === 'role' || (kind === 'step' && turns.includes(step)),
  );
  const changes = touching.filter((record) => isWithin(windowOn(record.server), record));
  const unplaced = touching.find(({ server, wallTime }) => {
    const window = windowOn(server);
    const { from, to } = widened(window);
    return !window.sure && from <= wallTime && wallTime <= to;
  });
  // Until when it had to be left alone is not known then, and a window of one instant proves nothing.
  const noEnd = move.endedAt === null ? 'the journals do not tell when this move ended' : null;
  const noPlace =
    unplaced === undefined
      ? null
      : `what was done on ${unplaced.server} may have been before or after it: the clocks of two servers are not compared`;
  const placed = unplaced === undefined ? changes : changes.filter(({ server }) => windowOn(server).sure);
  return { cluster, changes: placed, active: now.active, missing: noEnd ?? now.missing ?? noPlace };
}
