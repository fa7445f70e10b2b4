import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../../agent/journal/journal.ts';
import { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { chainSentence } from '../../../shared/history/chain-sentence.ts';
import { followChain, type ChainedRecord } from '../../../shared/history/journal-chain.ts';

/** Goal: what agents really write is found whole, and any change of it is found. Method: a journal on disk. */
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ixha-chain-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const follow = (records: readonly ChainedRecord[]) => followChain(records, sha256);

/** Six records as the console gets them from an agent that was restarted in between. */
function written(): JournalRecord[] {
  const clock = { bootMs: () => 1.5, wallTime: () => '2026-03-14T04:31:00.000Z' };
  for (let start = 0; start < 2; start += 1) {
    const journal = new Journal(folder, clock, { cluster: 'WK1', server: 'north' });
    journal.append({ kind: 'agent', sentence: 'Agent started: “ä”.' });
    journal.append({ sentence: 'Lease of epoch 2 granted.', kind: 'lease', epoch: 2 });
    journal.append({ kind: 'step', tookMs: 0.1 + 0.2, sentence: 'Step x.', step: 'x', result: 'ok' });
    journal.close();
  }
  const text = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const lines = text.join('').trim().split('\n');
  return lines.map((line) => JournalRecord.parse(JSON.parse(line)));
}

test('a journal as an agent writes it is unbroken, whichever order its fields were noted in', () => {
  const chain = follow(written());
  expect(chain).toMatchObject({ verdict: 'unbroken', records: 6, first: 1, last: 6, gaps: [] });
  expect(chainSentence(chain)).toBe('Unbroken from record 1 to 6.');
});

test.each([
  ['a sentence', { sentence: 'Nothing happened.' }],
  ['a time', { wallTime: '2026-03-14T04:31:00.001Z' }],
  ['a person', { requestedBy: 'admin-1' }],
  ['the chain itself', { previous: 'f'.repeat(64) }],
])('a record of which %s was changed breaks it', (_what, change) => {
  const records = written().map((record) => (record.seq === 3 ? { ...record, ...change } : record));
  const chain = follow(records);
  expect(chain.verdict).toBe('broken');
  expect(chain.breaks[0]!.at).toBe('previous' in change ? 3 : 4);
  expect(chainSentence(chain)).toMatch(/^BROKEN at record [34]/);
});

test('records that are missing are told as a gap, and the chain on both sides is followed', () => {
  const chain = follow(written().filter(({ seq }) => seq !== 3 && seq !== 4));
  expect(chain).toMatchObject({ verdict: 'unbroken', gaps: ['Records 3 to 4 are not here.'] });
});

test('a first record that names one before it breaks it: something was taken off its beginning', () => {
  const [first, ...rest] = written();
  expect(follow([{ ...first!, previous: 'a'.repeat(64) }, ...rest]).breaks[0]!.at).toBe(1);
});

test('records that its server could not write are told by what goes on from before them', () => {
  const records = written();
  const fourth = { ...records[3]!, previous: records[2]!.previous };
  expect(follow([...records.slice(0, 3), fourth]).breaks[0]!.sentence).toContain(
    'Record 4 goes on from record 2',
  );
});

test('a single record has nothing to be compared with', () => {
  expect(follow(written().slice(2, 3)).verdict).toBe('nothing');
  expect(follow([])).toMatchObject({ verdict: 'nothing', first: null });
});

test('texts that are not those of their checksums are counted, since a bundle shortens them', () => {
  written();
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trim().split('\n'),
  );
  const told = lines.map((line): ChainedRecord => ({
    ...JournalRecord.parse(JSON.parse(line)),
    lineHash: sha256(line),
  }));
  expect(follow(told)).toMatchObject({ verdict: 'unbroken', unchecked: 0 });
  const shortened = told.map((record) => (record.seq === 3 ? { ...record, sentence: 'Step …' } : record));
  const chain = follow(shortened);
  expect(chain).toMatchObject({ verdict: 'unbroken', unchecked: 1 });
  expect(chainSentence(chain)).toBe(
    'Unbroken from record 1 to 6; the texts of 1 of 6 records are not compared, since the bundle shortens them.',
  );
});
