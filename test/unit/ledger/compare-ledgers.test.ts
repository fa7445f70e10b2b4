import { describe, expect, it } from 'vitest';
import { compareLedgers, type QueueVerdict } from '../../../shared/ledger/compare-ledgers.ts';
import type { LedgerEntry, QueueLedger } from '../../../shared/ledger/queue-ledger.ts';

const adt: LedgerEntry = {
  name: 'ADT',
  poller: false,
  on: true,
  leftOff: false,
  queued: 7,
  position: 93,
  lastNumber: 100,
  received: 100,
  lastMessageId: 'M-100',
  lastActivity: null,
};
const ledger = (entries: readonly Partial<LedgerEntry>[], more: Partial<QueueLedger> = {}): QueueLedger => ({
  schema: 1,
  siteId: 's',
  cluster: 'WK1',
  server: 'north',
  epoch: 5,
  atMs: 1,
  wallTime: '',
  sealed: true,
  readBeforeSealMs: 40,
  entries: entries.map((entry) => ({ ...adt, ...entry })),
  ...more,
});
const after = (...entries: Partial<LedgerEntry>[]) => ledger(entries, { server: 'south', epoch: 6 });
const noNumbers = { position: null, lastNumber: null, received: null };

describe('queues after a move, by the numbers of messages', () => {
  it.each<[string, Partial<LedgerEntry>, QueueVerdict, string]>([
    ['stands where it was', {}, 'continued', 'stands at position 93, 7 messages waiting'],
    [
      'went on',
      { position: 99, lastNumber: 101, queued: 2 },
      'continued',
      'went on from position 93 to 99, 2 messages waiting',
    ],
    ['grew only', { lastNumber: 120, queued: 27 }, 'continued', '27 messages waiting'],
    [
      'lost messages that were taken in',
      { position: 93, lastNumber: 98, queued: 5 },
      'fewer',
      '2 messages that had been taken in are missing: the last was 100, now it is 98',
    ],
    [
      'went back',
      { position: 90, queued: 10 },
      'gap',
      'its position went back from 93 to 90: 3 messages are sent again',
    ],
    [
      'skipped one',
      { position: 95, lastNumber: 100, queued: 4 },
      'gap',
      '1 message is neither delivered nor waiting: position 95, last taken in 100, 4 waiting',
    ],
    ['is empty though nothing was delivered', { queued: 0 }, 'gap', '7 messages are neither'],
  ])('a queue that %s', (_what, now, verdict, words) => {
    const { queues } = compareLedgers(ledger([{}]), after(now));
    expect(queues).toMatchObject([{ name: 'ADT', verdict, shownBy: 'positions' }]);
    expect(queues[0]?.sentence).toContain(words);
  });
});

describe('numbers of messages that the engine refused', () => {
  it('are no gap when they were refused before the seal', () => {
    const { queues } = compareLedgers(ledger([{ queued: 5 }]), after({ queued: 5 }));
    expect(queues[0]?.verdict).toBe('continued');
    expect(compareLedgers(ledger([{ queued: 5 }]), after({ queued: 4 })).verdict).toBe('gap');
  });

  it('may be what is missing when the ledger was not sealed', () => {
    const open = ledger([{}], { sealed: false, readBeforeSealMs: null });
    const { queues } = compareLedgers(open, after({ lastNumber: 104, queued: 9 }));
    expect(queues[0]).toMatchObject({ verdict: 'unknown' });
    expect(queues[0]?.sentence).toContain('2 messages are neither delivered nor waiting');
  });
});

describe('queues after a move, by how many wait', () => {
  it.each<[string, Partial<LedgerEntry>, Partial<LedgerEntry>, QueueVerdict]>([
    ['as many wait', {}, {}, 'continued'],
    ['more wait', {}, { queued: 9 }, 'continued'],
    ['none waited and none wait', { queued: 0 }, { queued: 0 }, 'continued'],
    ['fewer wait and it runs', {}, { queued: 3 }, 'unknown'],
    ['fewer wait and it was running before', {}, { queued: 3, on: false }, 'unknown'],
    ['fewer wait and it was off all the time', { on: false }, { queued: 3, on: false }, 'fewer'],
    ['nobody counted before', { queued: null }, {}, 'unknown'],
    ['nobody counts now', {}, { queued: null }, 'unknown'],
  ])('%s', (_what, before, now, verdict) => {
    const { queues } = compareLedgers(ledger([{ ...noNumbers, ...before }]), after({ ...noNumbers, ...now }));
    expect(queues[0]?.verdict).toBe(verdict);
    expect(queues[0]?.shownBy).not.toBe('positions');
  });

  it('never calls a queue fewer when the ledger was not sealed', () => {
    const open = ledger([{ ...noNumbers, on: false }], { sealed: false, readBeforeSealMs: null });
    const { queues } = compareLedgers(open, after({ ...noNumbers, on: false, queued: 3 }));
    expect(queues[0]?.verdict).toBe('unknown');
  });
});

describe('the whole comparison', () => {
  it('is as bad as its worst queue and says against what it was made', () => {
    const before = ledger([{ name: 'A' }, { name: 'B' }, { name: 'C' }]);
    const now = after({ name: 'A' }, { name: 'B', position: 1, queued: 99 }, { name: 'D' });
    const compared = compareLedgers(before, now);
    expect(compared.queues.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'A continued',
      'B gap',
      'C unknown',
      'D unknown',
    ]);
    expect(compared.verdict).toBe('gap');
    expect(compared.sentence).toBe(
      'Of 4 queues 1 with a gap, 2 not known, 1 went on where they were, compared with the sealed ledger of north (epoch 5).',
    );
  });

  it('is unknown and not fine when there is nothing to compare', () => {
    expect(compareLedgers(ledger([]), after()).verdict).toBe('unknown');
  });

  it('says that a ledger was not sealed', () => {
    const open = ledger([{}], { sealed: false, readBeforeSealMs: null });
    expect(compareLedgers(open, after({})).sentence).toContain('which was not sealed');
  });
});
