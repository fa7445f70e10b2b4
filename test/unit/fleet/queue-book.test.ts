import { describe, expect, it } from 'vitest';
import type { EvidenceReport } from '../../../shared/agent-api/member-evidence.ts';
import { proofOfTable, queueBook } from '../../../shared/fleet/queue-book.ts';
import { evidenceReply } from '../../screens/evidence-reply.ts';
import { fixtures } from '../../screens/fixtures.ts';

const reportsOf = (name: keyof typeof fixtures): EvidenceReport[] =>
  evidenceReply(fixtures[name](), 'WK1').reports;

describe('the book of a cluster’s queues', () => {
  it('is that of the member that keeps it, with who else has it', () => {
    const book = queueBook(reportsOf('healthy'));
    expect(book).toMatchObject({ teller: 'ig-north', sharedWith: ['ig-south'], more: 0 });
    expect(book?.ledger.agoMs).toBe(1_200);
  });

  it('is the copy of the peer when the keeper does not answer, of unknown age', () => {
    const book = queueBook(reportsOf('healthy').filter(({ server }) => server === 'ig-south'));
    expect(book).toMatchObject({ teller: 'ig-south', ledger: { server: 'ig-north', agoMs: null } });
  });

  it('is none when no member has one, also of an earlier release that tells of none', () => {
    const [north] = reportsOf('healthy');
    const { present: _present, ...ledger } = north!.ledger;
    expect(queueBook([{ ...north!, ledger }])).toBeNull();
    expect(queueBook([{ ...north!, ledger: { ...ledger, present: null } }])).toBeNull();
    expect(queueBook([])).toBeNull();
  });

  it('has what did not go on first, then what is not known, then where most waits', () => {
    const book = queueBook(reportsOf('evidence-bad'));
    expect(book?.lines.slice(0, 3).map(({ name, moved }) => [name, moved?.proof])).toEqual([
      ['Admissions to wards', 'violated'],
      ['Price list from database', 'unknown'],
      ['Results to wards', 'proven'],
    ]);
    expect(book?.more).toBe(630);
  });

  it('tells a component that a person switched off from one that is off', () => {
    const [north] = reportsOf('healthy');
    const entries = north!.ledger.present!.entries.map((entry) => ({ ...entry, on: false }));
    const ledger = { ...north!.ledger, present: { ...north!.ledger.present!, entries } };
    const lines = queueBook([{ ...north!, ledger }])!.lines;
    expect(lines.find(({ name }) => name === 'Documents to archive')?.state).toBe('left-off');
    expect(lines.find(({ name }) => name === 'Orders in')?.state).toBe('off');
  });

  it('does not use a comparison of another epoch', () => {
    const [north] = reportsOf('healthy');
    const comparison = north!.ledger.comparison!;
    const old = { ...comparison, after: { ...comparison.after, epoch: 12 } };
    const book = queueBook([{ ...north!, ledger: { ...north!.ledger, comparison: old } }]);
    expect(book?.comparison).toBeNull();
    expect(book?.lines.every(({ moved }) => moved === null)).toBe(true);
  });

  it('is as sure as its least sure queue, and not known without any', () => {
    const [north] = reportsOf('healthy');
    expect(proofOfTable(north!.ledger.comparison!)).toBe('consistent');
    expect(proofOfTable({ rows: [] })).toBe('unknown');
  });
});
