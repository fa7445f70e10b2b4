import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Standing } from '../../../../electron/demo/engine/generation.ts';
import { findJournal } from '../../../../electron/demo/engine/journal-files.ts';
import type { JournalRecord } from '../../../../electron/demo/engine/journal-records.ts';
import { JournalState } from '../../../../electron/demo/engine/journal-state.ts';
import { Journal } from '../../../../electron/demo/engine/journal.ts';

let directory: string;
let standing: Standing;
let writeFault: string | undefined;
let fenced: number;
let open: Journal[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
  [standing, writeFault, fenced, open] = ['ours', undefined, 0, []];
});
afterEach(async () => {
  for (const journal of open) await journal.close();
  rmSync(directory, { recursive: true, force: true });
});

async function openJournal(generation: number, compactBytes = 1e6): Promise<Journal> {
  const journal = new Journal(await recovered(), {
    directory,
    generation,
    server: 'ig-north',
    compactBytes,
    bootMs: () => 1,
    standing: () => Promise.resolve(standing),
    onFenced: () => (fenced += 1),
    onBroken: (sentence) => expect.unreachable(sentence),
    writeFault: () => writeFault,
  });
  await journal.open();
  open.push(journal);
  return journal;
}

async function recovered(): Promise<JournalState> {
  const found = await findJournal(directory);
  if (!found.ok) throw new Error(found.error);
  return found.value?.state ?? new JournalState();
}

function taken(number: number, message = `m${number}`): JournalRecord {
  return { kind: 'in', component: 'ADT', number, message };
}

async function queuedOnDisk(): Promise<number[]> {
  return [...(await recovered()).ledger('ADT').queue].map(({ number }) => number);
}

describe('the journal', () => {
  it('has every record on disk that it told as safe', async () => {
    const journal = await openJournal(1);
    for (const number of [1, 2, 3]) expect((await journal.append(taken(number))).ok).toBe(true);
    await journal.append({ kind: 'out', component: 'ADT', number: 1 });
    expect(await queuedOnDisk()).toEqual([2, 3]);
    expect(journal.wrote).toBe(4);
  });

  it('keeps the order of records that arrive at the same time', async () => {
    const journal = await openJournal(1);
    const numbers = Array.from({ length: 200 }, (_, index) => index + 1);
    await Promise.all(numbers.map((number) => journal.append(taken(number))));
    expect(await queuedOnDisk()).toEqual(numbers);
  });

  it('leaves out a torn end and goes on behind it', async () => {
    const journal = await openJournal(1);
    await journal.append(taken(1));
    await journal.close();
    appendFileSync(join(directory, 'journal.log'), '12345678 {"kind":"in","compo');
    const again = await openJournal(1);
    await again.append(taken(2));
    expect(await queuedOnDisk()).toEqual([1, 2]);
  });

  it('refuses a journal that is damaged in its middle instead of losing what follows', async () => {
    const journal = await openJournal(1);
    for (const number of [1, 2, 3]) await journal.append(taken(number));
    await journal.close();
    const text = readFileSync(join(directory, 'journal.log'), 'latin1');
    writeFileSync(join(directory, 'journal.log'), text.replace('m2', 'mX'), 'latin1');
    expect(await findJournal(directory)).toMatchObject({
      ok: false,
      error: expect.stringContaining('damaged') as string,
    });
  });

  it('tells nothing as safe any more once a newer generation owns the storage', async () => {
    const journal = await openJournal(1);
    await journal.append(taken(1));
    standing = 'newer';
    const late = await Promise.all([journal.append(taken(2)), journal.append(taken(3))]);
    expect(late.map(({ ok }) => ok)).toEqual([false, false]);
    expect((await journal.append(taken(4))).ok).toBe(false);
    expect(fenced).toBe(1);
  });

  it('takes back what it wrote while the generation cannot be read', async () => {
    const journal = await openJournal(1);
    standing = 'unknown';
    expect((await journal.append(taken(1))).ok).toBe(false);
    standing = 'ours';
    await journal.append(taken(2));
    expect(await queuedOnDisk()).toEqual([2]);
  });

  it('goes on after a disk that was full for a while', async () => {
    const journal = await openJournal(1);
    writeFault = 'ENOSPC';
    expect(await journal.append(taken(1))).toMatchObject({
      ok: false,
      error: expect.stringContaining('ENOSPC') as string,
    });
    writeFault = undefined;
    expect((await journal.append(taken(2))).ok).toBe(true);
    expect(await queuedOnDisk()).toEqual([2]);
  });

  it('hands its queue to the next generation, which a late writer cannot touch', async () => {
    const old = await openJournal(1);
    await old.append(taken(1));
    const next = await openJournal(2);
    await next.append(taken(2));
    const size = statSync(join(directory, 'journal-1.log')).size;
    await old.append(taken(66));
    expect(await queuedOnDisk()).toEqual([1, 2]);
    expect(next.previousPath).toBe(join(directory, 'journal-1.log'));
    expect(statSync(join(directory, 'journal-1.log')).size).toBeGreaterThan(size);
  });

  it('keeps the files of two generations and no more', async () => {
    for (const generation of [1, 2, 5, 9]) await (await openJournal(generation)).close();
    expect(readdirSync(directory).sort()).toEqual(['journal-5.log', 'journal-9.log', 'journal.log']);
  });

  it('is readable under its well-known name alone', async () => {
    const journal = await openJournal(4);
    await journal.append(taken(1));
    const other = join(directory, 'copied');
    mkdirSync(other);
    writeFileSync(join(other, 'journal.log'), readFileSync(join(directory, 'journal.log')));
    const found = await findJournal(other);
    expect(found.ok && found.value?.state.generation).toBe(4);
    expect(found.ok && found.value?.state.ledger('ADT').queue.length).toBe(1);
  });

  it('does not grow over days of delivered messages', async () => {
    const journal = await openJournal(1, 20_000);
    let largest = 0;
    for (let number = 1; number <= 600; number += 1) {
      await journal.append(taken(number, 'x'.repeat(200)));
      await journal.append({ kind: 'out', component: 'ADT', number });
      largest = Math.max(largest, statSync(join(directory, 'journal.log')).size);
    }
    expect(largest).toBeLessThan(25_000);
    expect(await queuedOnDisk()).toEqual([]);
    expect((await recovered()).ledger('ADT')).toMatchObject({
      received: 600,
      delivered: 600,
      lastNumber: 600,
    });
  });

  it('starts from the old file when a crash left a half-written new one', async () => {
    const journal = await openJournal(1);
    await journal.append(taken(1));
    await journal.close();
    writeFileSync(join(directory, 'journal-2.log.new'), 'half');
    expect(await queuedOnDisk()).toEqual([1]);
  });
});
