import type { LedgerRow, LedgerTable, PresentLedger } from '../agent-api/member-evidence.ts';
import { proofOf, type Proof } from '../fleet/queue-book.ts';
import { activeOf, otherOf, type MoveEvidence } from './move-evidence.ts';

/** What the ledgers say of this move, and of no other. */
export interface MoveLedger {
  /** Made by the new Active: the last ledger of the one before against its own first look. */
  readonly table: LedgerTable | null;
  /** The same made by the one before, once it is back: what it knew itself. */
  readonly returned: LedgerTable | null;
  /** The new Active's ledger now. */
  readonly present: PresentLedger | null;
}

export function ledgerOf(e: MoveEvidence): MoveLedger {
  const { move } = e;
  const own = activeOf(e).report?.ledger;
  const back = otherOf(e).report?.ledger.returned ?? null;
  const table = own?.comparison ?? null;
  const present = own?.present ?? null;
  return {
    table: table?.after.epoch === move.epoch ? table : null,
    returned: back?.after.epoch === move.epoch && back.before.server === move.from ? back : null,
    present: present?.epoch === move.epoch && present.server === move.active ? present : null,
  };
}

/** One component before and after the move; `null`: not told. */
export interface LedgerLine {
  readonly name: string;
  readonly lastBefore: number | null;
  /** The first that its destination acknowledges after the move; null: not told, or none yet. */
  readonly firstAfter: number | null;
  readonly queuedBefore: number | null;
  readonly queuedAfter: number | null;
  /** Messages sent a second time, by its position; null: not told. */
  readonly twice: number | null;
  /** The last message that each side knew of, in the engine's own words; null: not told. */
  readonly messageBefore: LastMessage | null;
  readonly messageAfter: LastMessage | null;
  readonly verdict: Proof;
  readonly sentence: string;
  readonly changed: boolean;
}

/** A message as the engine names it, and when it was; null: not told. */
export interface LastMessage {
  readonly id: string | null;
  readonly at: string | null;
}

/** Component by component, what asks for attention first, then those at which something moved. */
export function ledgerLines({ table, returned, present }: MoveLedger): LedgerLine[] {
  if (table === null) return [];
  const lines = table.rows.map((row) => {
    const again = returned?.rows.find(({ name }) => name === row.name);
    const told = again && badness(proofOf(again)) < badness(proofOf(row)) ? again : row;
    const now = present?.entries.find(({ name }) => name === row.name);
    return lineOf(row, { told, queuedNow: now?.queued ?? null, positionNow: now?.position ?? null });
  });
  return lines.sort(
    (one, other) =>
      badness(one.verdict) - badness(other.verdict) ||
      Number(other.changed) - Number(one.changed) ||
      one.name.localeCompare(other.name),
  );
}

const order: readonly Proof[] = ['violated', 'unknown', 'consistent', 'proven'];
const badness = (proof: Proof) => order.indexOf(proof);

interface Now {
  readonly told: LedgerRow;
  readonly queuedNow: number | null;
  readonly positionNow: number | null;
}

const nothing = { queued: null, position: null };

function lineOf({ name, before, after }: LedgerRow, { told, queuedNow, positionNow }: Now): LedgerLine {
  const { position: was, queued: queuedBefore } = before ?? nothing;
  const { position: at, queued } = after ?? nothing;
  const queuedAfter = queued ?? queuedNow;
  const known = was !== null && at !== null;
  const moved = was !== null && Math.max(at ?? was, positionNow ?? was) > was;
  return {
    name,
    lastBefore: was,
    firstAfter: moved && known && at >= was ? was + 1 : null,
    queuedBefore,
    queuedAfter,
    twice: known ? Math.max(0, was - at) : null,
    messageBefore: lastMessage(before),
    messageAfter: lastMessage(after),
    verdict: proofOf(told),
    sentence: told.sentence.startsWith(`${name}: `) ? told.sentence.slice(name.length + 2) : told.sentence,
    changed: moved || [queuedBefore, queuedAfter].some((count) => count !== null && count > 0),
  };
}

function lastMessage(stand: LedgerRow['before']): LastMessage | null {
  const { lastMessageId: id = null, lastActivity: at = null } = stand ?? {};
  return id === null && at === null ? null : { id, at };
}

/** `M4711, 14 Mar 04:31:50`, with what is not told left out. */
export function messageWords(message: LastMessage | null | undefined): string | null {
  if (message == null) return null;
  const { id, at } = message;
  return [id, at].filter((word) => word !== null).join(', ') || null;
}
