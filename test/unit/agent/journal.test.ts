import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../agent/durable/files.ts';
import { Journal } from '../../../agent/journal/journal.ts';

let folder: string;
let bootMs = 0;
const clock = { bootMs: () => (bootMs += 1), wallTime: () => '2026-01-01T00:00:00.000Z' };
const open = () => new Journal(folder, clock, { cluster: 'WK1', server: 'north' });
const file = () => join(folder, readdirSync(folder)[0] ?? '');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('journal', () => {
  it('numbers and chains its records across a restart', () => {
    const first = open();
    first.append({ kind: 'agent', sentence: 'one' });
    first.append({ kind: 'agent', sentence: 'two' });
    first.close();
    const second = open();
    second.append({ kind: 'agent', sentence: 'three' });
    const { records, next, chainBroken } = second.read(1, 10);
    expect(records.map((record) => [record.seq, record.sentence])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    expect([next, chainBroken]).toEqual([4, false]);
  });

  it('knows after a restart what it said some hundred records before', () => {
    const first = open();
    first.append({ kind: 'guard', sentence: 'Guard 1 killed the engine.' });
    for (let index = 0; index < 700; index += 1) first.append({ kind: 'agent', sentence: `turn ${index}` });
    first.close();
    const second = open();
    expect(second.recently('guard', 'Guard 1 killed the engine.')).toBe(true);
    expect(second.recently('agent', 'Guard 1 killed the engine.')).toBe(false);
  });

  it('cuts off a line of which a full disk took only a part, and says that it failed', () => {
    let room = Infinity;
    const filling = {
      ...nodeFiles,
      write: (descriptor: number, text: string) => nodeFiles.write(descriptor, text.slice(0, room)),
    };
    const journal = new Journal(folder, clock, { cluster: 'WK1', server: 'north' }, filling);
    journal.append({ kind: 'agent', sentence: 'whole' });
    const before = readFileSync(file(), 'utf8');
    room = 30;
    journal.append({ kind: 'agent', sentence: 'torn' });
    expect(readFileSync(file(), 'utf8')).toBe(before);
    expect(journal.failed()).toContain('only 30 of');
  });

  it('writes what a full disk refused once there is room again, so that the chain holds', () => {
    let room = Infinity;
    let syncs = true;
    const filling = {
      ...nodeFiles,
      write: (descriptor: number, text: string) => nodeFiles.write(descriptor, text.slice(0, room)),
      fdatasync: (descriptor: number) => {
        if (!syncs) throw Object.assign(new Error('broken'), { code: 'EIO' });
        nodeFiles.fdatasync(descriptor);
      },
    };
    const journal = new Journal(folder, clock, { cluster: 'WK1', server: 'north' }, filling);
    journal.append({ kind: 'agent', sentence: 'before' });
    room = 0;
    journal.append({ kind: 'agent', sentence: 'full' });
    [room, syncs] = [Infinity, false];
    journal.append({ kind: 'agent', sentence: 'broken' });
    expect(journal.failed()).toContain('EIO');
    syncs = true;
    journal.append({ kind: 'agent', sentence: 'after' });
    expect(journal.failed()).toBeNull();
    journal.close();
    const { records, chainBroken } = open().read(1, 10);
    expect(records.map(({ sentence }) => sentence)).toEqual(['before', 'full', 'broken', 'after']);
    expect(chainBroken).toBe(false);
  });

  it('goes on from what is on disk when it owes too much, and says how much is missing', () => {
    let room = Infinity;
    const filling = {
      ...nodeFiles,
      write: (descriptor: number, text: string) => nodeFiles.write(descriptor, text.slice(0, room)),
    };
    const journal = new Journal(folder, clock, { cluster: 'WK1', server: 'north' }, filling);
    journal.append({ kind: 'agent', sentence: 'before' });
    room = 0;
    for (let index = 0; index < 4001; index += 1) journal.append({ kind: 'agent', sentence: `${index}` });
    room = Infinity;
    journal.append({ kind: 'agent', sentence: 'after' });
    journal.close();
    const { records, chainBroken } = open().read(1, 10);
    expect(records.map(({ sentence }) => sentence)).toEqual([
      'before',
      '4000 records before this one could not be written to disk.',
      '4000',
      'after',
    ]);
    expect(chainBroken).toBe(false);
  });

  it('pages from a cursor', () => {
    const journal = open();
    for (let index = 1; index <= 5; index += 1) journal.append({ kind: 'agent', sentence: `${index}` });
    expect(journal.read(3, 2).records.map((record) => record.seq)).toEqual([3, 4]);
    expect(journal.read(3, 2).next).toBe(5);
    expect(journal.read(9, 2)).toEqual({ records: [], next: 9, chainBroken: false });
  });

  it('cuts a line torn by a power cut and goes on after the last whole one', () => {
    const first = open();
    first.append({ kind: 'agent', sentence: 'whole' });
    first.close();
    appendFileSync(file(), '{"seq":2,"sen');
    const second = open();
    second.append({ kind: 'agent', sentence: 'after' });
    expect(second.read(1, 10).records.map((record) => record.sentence)).toEqual(['whole', 'after']);
    expect(
      readFileSync(file(), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    ).toHaveLength(2);
  });

  it('tells when a record was changed afterwards', () => {
    const first = open();
    first.append({ kind: 'agent', sentence: 'the engine was stopped' });
    first.append({ kind: 'agent', sentence: 'later' });
    first.close();
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('was stopped', 'was running'));
    expect(open().read(1, 10).chainBroken).toBe(true);
  });

  it('keeps working when its disk does not, and says so', () => {
    const journal = open();
    journal.close();
    expect(() => journal.append({ kind: 'alarm', sentence: 'still told' })).not.toThrow();
    expect(journal.failed()).toContain('cannot be written');
    expect(journal.read(1, 10).records).toHaveLength(1);
  });

  it('goes on in the old file while a new one cannot be opened, and changes over when it can', () => {
    let readOnly = false;
    const files = {
      ...nodeFiles,
      open: (path: string, flags: 'r' | 'r+' | 'w' | 'a', mode?: number) => {
        if (readOnly) throw Object.assign(new Error('read-only'), { code: 'EROFS' });
        return nodeFiles.open(path, flags, mode);
      },
    };
    const journal = new Journal(folder, clock, { cluster: 'WK1', server: 'north' }, files);
    journal.append({ kind: 'agent', sentence: 'x'.repeat(2.1 * 1024 * 1024) });
    readOnly = true;
    journal.append({ kind: 'agent', sentence: 'not lost' });
    expect(journal.failed()).toBe('the journal goes on in a file that has grown too long: EROFS');
    expect(readFileSync(file(), 'utf8')).toContain('not lost');
    readOnly = false;
    journal.append({ kind: 'agent', sentence: 'in the next file' });
    expect(journal.failed()).toBeNull();
    journal.close();
    expect(readdirSync(folder).sort()).toEqual(['0000000001.jsonl', '0000000003.jsonl']);
    const { records, chainBroken } = open().read(2, 10);
    expect([records.map(({ seq }) => seq), chainBroken]).toEqual([[2, 3], false]);
  });
});
