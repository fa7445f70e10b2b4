import type { EvidenceReport, LedgerRow, LedgerTable, PresentLedger } from '../agent-api/member-evidence.ts';
import type { LedgerEntry } from '../ledger/queue-ledger.ts';
import { capital } from './wording.ts';

/** How sure it is that a queue went on where it was: shown by numbers, only fitting, not known, or not so. */
export type Proof = 'proven' | 'consistent' | 'unknown' | 'violated';

/** Somebody has to look into it. Pure. */
export function isOpenProof(proof: Proof): boolean {
  return proof === 'violated' || proof === 'unknown';
}

/** One component with its queue, and how it went on at the last move. `null`: not told by the engine. */
export interface QueueLine extends Omit<LedgerEntry, 'received' | 'on'> {
  readonly state: 'on' | 'off' | 'left-off' | 'unknown';
  /** Null: the queue was not compared. */
  readonly moved: { readonly proof: Proof; readonly sentence: string } | null;
}

/** What is known of a cluster's queues now, from the reports of its members. */
export interface QueueBook {
  /** Whose report it is. */
  readonly teller: string;
  readonly ledger: PresentLedger;
  /** Those that ask for attention first, then those at which most waits. */
  readonly lines: readonly QueueLine[];
  /** Components that are not told one by one, because there are very many. */
  readonly more: number;
  readonly leftOff: readonly string[];
  /** Servers besides the keeper that have a ledger of this epoch. */
  readonly sharedWith: readonly string[];
  /** Made by the member that took over last; null: it found nothing to compare. */
  readonly comparison: LedgerTable | null;
  /** Made by a member that was Active before, and has come back. */
  readonly returned: LedgerTable | null;
}

/** Null: no member that answers has a ledger. */
export function queueBook(reports: readonly EvidenceReport[]): QueueBook | null {
  const told = reports.flatMap((report) => {
    const { present } = report.ledger;
    return present ? [{ report, present }] : [];
  });
  const [newest] = [...told].sort((one, other) => rank(other) - rank(one));
  if (!newest) return null;
  const { report, present } = newest;
  const tables = reports.flatMap(({ ledger }) => (ledger.comparison ? [ledger.comparison] : []));
  const comparison = latest(tables.filter(({ after }) => after.epoch === present.epoch));
  const returned = latest(reports.flatMap(({ ledger }) => (ledger.returned ? [ledger.returned] : [])));
  return {
    teller: report.server,
    ledger: present,
    lines: present.entries.map((entry) => lineOf(entry, comparison)).sort(byAttention),
    more: present.total - present.entries.length,
    leftOff: report.ledger.leftOff,
    sharedWith: reports
      .filter(({ server, ledger }) => server !== present.server && ledger.ofPeer?.epoch === present.epoch)
      .map(({ server }) => server),
    comparison,
    returned,
  };
}

/** The keeper's own word counts more than what its peer heard of the same epoch. */
function rank({ report, present }: { report: EvidenceReport; present: PresentLedger }): number {
  return present.epoch * 2 + (report.server === present.server ? 1 : 0);
}

function latest(tables: readonly LedgerTable[]): LedgerTable | null {
  return [...tables].sort((one, other) => other.after.epoch - one.after.epoch)[0] ?? null;
}

function lineOf(
  { on, received: _received, ...entry }: LedgerEntry,
  comparison: LedgerTable | null,
): QueueLine {
  const row = comparison?.rows.find(({ name }) => name === entry.name);
  const state = on === null ? 'unknown' : on ? 'on' : entry.leftOff ? 'left-off' : 'off';
  const moved = row ? { proof: proofOf(row), sentence: withoutName(row) } : null;
  return { ...entry, state, moved };
}

/** The name stands beside it already. */
function withoutName({ name, sentence }: LedgerRow): string {
  const start = `${name}: `;
  return sentence.startsWith(start) ? capital(sentence.slice(start.length)) : sentence;
}

export function proofOf({ verdict, shownBy }: Pick<LedgerRow, 'verdict' | 'shownBy'>): Proof {
  switch (verdict) {
    case 'continued':
      return shownBy === 'positions' ? 'proven' : 'consistent';
    case 'gap':
    case 'fewer':
      return 'violated';
    case 'unknown':
      return 'unknown';
  }
}

const proofs: readonly Proof[] = ['violated', 'unknown', 'consistent', 'proven'];

/** A whole table is as sure as its least sure queue. */
export function proofOfTable({ rows }: Pick<LedgerTable, 'rows'>): Proof {
  const found = rows.map(proofOf);
  return proofs.find((proof) => found.includes(proof)) ?? 'unknown';
}

function byAttention(one: QueueLine, other: QueueLine): number {
  const attention = ({ moved }: QueueLine) =>
    moved && ['violated', 'unknown'].includes(moved.proof) ? proofs.indexOf(moved.proof) : proofs.length;
  return (
    attention(one) - attention(other) ||
    (other.queued ?? 0) - (one.queued ?? 0) ||
    one.name.localeCompare(other.name)
  );
}
