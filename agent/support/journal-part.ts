import { createHash } from 'node:crypto';
import { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { allowValue, leftOutMark } from '../../shared/support/allowed-text.ts';
import { jsonFile, supportFile, type SupportFile } from '../../shared/support/support-material.ts';
import type { SupportScene } from './support-scene.ts';

interface Chain {
  records: number;
  firstSeq: number | null;
  lastSeq: number | null;
  /** Numbers of records that do not fit the line before them. */
  brokenAt: number[];
  /** Lines that are no record, by file and line number; their text stays on the server. */
  unreadable: string[];
  /** SHA-256 of the newest line: what the next record will name. */
  head: string | null;
}

/**
 * A member's whole journal with its chain verified where it lies, before anything is left out of it. Each line keeps
 * the checksum of its original, so that the original can still be compared with it.
 */
export function journalPart(scene: SupportScene, folder: string, member: string): SupportFile[] {
  const chain: Chain = {
    records: 0,
    firstSeq: null,
    lastSeq: null,
    brokenAt: [],
    unreadable: [],
    head: null,
  };
  const lines: string[] = [];
  for (const name of scene.list(folder).filter((file) => /^\d{10}\.jsonl$/.test(file))) {
    const whole = scene.read(`${folder}/${name}`).split('\n');
    // What stands behind the last newline was torn by the end of the power and never acted on.
    for (const [index, line] of whole.slice(0, -1).entries()) {
      const record = take(chain, line, `${name}:${index + 1}`);
      if (record) lines.push(JSON.stringify(allowValue(withoutTypedReason(record), scene.allowed)));
    }
  }
  return [
    supportFile(`${member}/journal.jsonl`, lines.map((line) => `${line}\n`).join('')),
    jsonFile(`${member}/journal-chain.json`, {
      ...chain,
      whole: chain.brokenAt.length === 0 && chain.unreadable.length === 0,
    }),
  ];
}

function take(chain: Chain, line: string, place: string): (JournalRecord & { lineHash: string }) | null {
  const parsed = JournalRecord.safeParse(parseJson(line));
  const hash = createHash('sha256').update(line).digest('hex');
  const previous = chain.head;
  chain.head = hash;
  if (!parsed.success) {
    chain.unreadable.push(place);
    return null;
  }
  const { data: record } = parsed;
  chain.records += 1;
  chain.firstSeq ??= record.seq;
  chain.lastSeq = record.seq;
  if (previous !== null && record.previous !== previous) chain.brokenAt.push(record.seq);
  return { ...record, lineHash: hash };
}

/** What a person has typed stands behind these words; it is nobody's business outside of the site. */
function withoutTypedReason<Line extends JournalRecord>(record: Line): Line {
  const at = record.sentence.indexOf(', because: ');
  return at < 0
    ? record
    : { ...record, sentence: `${record.sentence.slice(0, at)}, because: ${leftOutMark}` };
}
