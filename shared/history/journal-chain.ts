import type { JournalRecord } from '../agent-api/journal-record.ts';

/** A record of a journal with what its line was; a bundle tells the checksum of the line, since it shortens texts. */
export type ChainedRecord = JournalRecord & { readonly lineHash?: string | undefined };

/** Hexadecimal SHA-256 of a text in UTF-8. */
export type Sha256 = (text: string) => string;

export interface ChainBreak {
  /** Number of the record that does not name the record before it. */
  readonly at: number;
  readonly sentence: string;
}

/** What following the chain of one journal has shown. */
export interface ChainVerdict {
  /** unbroken: every record names the one before it; broken; nothing: there is no pair of records to compare. */
  readonly verdict: 'unbroken' | 'broken' | 'nothing';
  readonly records: number;
  readonly first: number | null;
  readonly last: number | null;
  /** The first of them; more are only counted. */
  readonly breaks: readonly ChainBreak[];
  readonly breakCount: number;
  /** Records whose text is not the one that their checksum was made of: a bundle leaves words out of it. */
  readonly unchecked: number;
  /** Numbers that are not there, as sentences; a chain cannot be followed across them. */
  readonly gaps: readonly string[];
}

const breaksTold = 20;
/** The chain begins with this where there was no record before. */
const beginning = '0'.repeat(64);

/**
 * Follows the chain of one journal: each record names the SHA-256 of the line before it. Pure.
 *
 * @param records of one life of one journal, in the order of their numbers; only one at a time is looked at
 */
export function followChain(records: Iterable<ChainedRecord>, sha256: Sha256): ChainVerdict {
  const known = new Map<string, number>();
  const breaks: ChainBreak[] = [];
  const gaps: string[] = [];
  let breakCount = 0;
  let count = 0;
  let compared = 0;
  let unchecked = 0;
  let first: number | null = null;
  let before: { readonly seq: number; readonly hashes: readonly string[] } | null = null;
  for (const record of records) {
    count += 1;
    first ??= record.seq;
    if (before !== null && record.seq !== before.seq + 1) gaps.push(gapSentence(before.seq, record.seq));
    const expected = expectedBefore(before, record);
    if (expected !== null) compared += 1;
    if (expected !== null && !expected.includes(record.previous)) {
      breakCount += 1;
      if (breaks.length < breaksTold) breaks.push(breakOf(record, known));
    }
    const hashes = lineHashes(record, sha256);
    if (record.lineHash !== undefined && !hashes.includes(record.lineHash)) unchecked += 1;
    before = { seq: record.seq, hashes: record.lineHash === undefined ? hashes : [record.lineHash] };
    for (const hash of before.hashes) known.set(hash, record.seq);
  }
  return {
    verdict: breakCount > 0 ? 'broken' : compared > 0 ? 'unbroken' : 'nothing',
    records: count,
    first,
    last: before?.seq ?? null,
    breaks,
    breakCount,
    unchecked,
    gaps,
  };
}

/** What the record may name as its previous one; null: that record is not here. */
function expectedBefore(
  before: { readonly seq: number; readonly hashes: readonly string[] } | null,
  { seq }: JournalRecord,
): readonly string[] | null {
  if (before === null) return seq === 1 ? [beginning] : null;
  return seq === before.seq + 1 ? before.hashes : null;
}

/**
 * Lines are kept as records and written again as the agent writes them: kind and sentence stand where whoever noted
 * them put them, one before the other or the other way round.
 */
function lineHashes({ lineHash: _told, ...record }: ChainedRecord, sha256: Sha256): string[] {
  const { kind, sentence, previous, ...rest } = record;
  const ordered = orderedFields(rest);
  return [
    sha256(JSON.stringify({ ...ordered, kind, sentence, previous })),
    sha256(JSON.stringify({ ...ordered, sentence, kind, previous })),
  ];
}

function orderedFields(record: Omit<JournalRecord, 'kind' | 'sentence' | 'previous'>) {
  const { seq, wallTime, bootMs, cluster, server, epoch, ruleId, verdict } = record;
  const { requestedBy, step, result, operation, tookMs } = record;
  return {
    ...{ seq, wallTime, bootMs, cluster, server, epoch, ruleId, verdict },
    ...{ requestedBy, step, result, operation, tookMs },
  };
}

function breakOf({ seq, previous }: JournalRecord, known: ReadonlyMap<string, number>): ChainBreak {
  const follows = known.get(previous);
  if (follows === undefined) {
    const sentence = `Record ${seq} does not name record ${seq - 1} as the one before it: one of them was changed, or one between them is missing.`;
    return { at: seq, sentence };
  }
  const sentence = `Record ${seq} goes on from record ${follows}: those between were not on the disk of its server when it was written.`;
  return { at: seq, sentence };
}

function gapSentence(before: number, after: number): string {
  return after === before + 2
    ? `Record ${before + 1} is not here.`
    : `Records ${before + 1} to ${after - 1} are not here.`;
}
