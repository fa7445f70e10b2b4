import { crc32 } from 'node:zlib';

/**
 * Lines of the journal: `<crc32, 8 hex digits> <JSON>\n`. The checksum tells a line torn by a crash
 * from a whole one. Messages are kept as Latin-1 text, which holds every byte.
 */
export type JournalRecord =
  /** First of every opening: who writes from here on, under which generation. */
  | {
      readonly kind: 'open';
      readonly generation: number;
      readonly server: string;
      readonly pid: number;
      readonly at: number;
    }
  /** Counters of one component at a compaction; the messages before are gone. */
  | {
      readonly kind: 'base';
      readonly component: string;
      readonly received: number;
      readonly lastNumber: number;
      readonly delivered: number;
    }
  /** A message taken in, before it is acknowledged. Numbers of one component only grow. */
  | { readonly kind: 'in'; readonly component: string; readonly number: number; readonly message: string }
  /** Queue position: everything up to this number was acknowledged by the destination. */
  | { readonly kind: 'out'; readonly component: string; readonly number: number };

export function encodeRecord(record: JournalRecord): Buffer {
  const body = JSON.stringify(record);
  return Buffer.from(`${checksum(body)} ${body}\n`, 'utf8');
}

export interface JournalContent {
  readonly records: readonly JournalRecord[];
  /** Bytes up to the end of the last whole record; what follows was torn by a crash. */
  readonly wholeBytes: number;
  /** True when a damaged line has a whole one after it: not a crash, the file itself is broken. */
  readonly damaged: boolean;
}

/** Reads a whole journal. A damaged end is left out, as it was never acknowledged. */
export function decodeJournal(file: Buffer): JournalContent {
  const records: JournalRecord[] = [];
  let wholeBytes = 0;
  let firstBadAt = -1;
  for (let from = 0; from < file.length;) {
    const end = file.indexOf(0x0a, from);
    const next = end < 0 ? file.length : end + 1;
    const record = end < 0 ? undefined : decodeLine(file.toString('utf8', from, end));
    if (record && firstBadAt >= 0) return { records, wholeBytes, damaged: true };
    if (record) {
      records.push(record);
      wholeBytes = next;
    } else if (firstBadAt < 0) {
      firstBadAt = from;
    }
    from = next;
  }
  return { records, wholeBytes, damaged: false };
}

function decodeLine(line: string): JournalRecord | undefined {
  const body = line.slice(9);
  if (line[8] !== ' ' || line.slice(0, 8) !== checksum(body)) return undefined;
  return JSON.parse(body) as JournalRecord;
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
