import { describe, expect, it } from 'vitest';
import type { Proof } from '../../../shared/fleet/queue-book.ts';
import type { MoveEvidence } from '../../../shared/verification/move-evidence.ts';
import { countsOf, verificationSentence, verifyMove } from '../../../shared/verification/verification.ts';
import { goodMove, row, silent, standing, unsealed, withMember } from './a-move.ts';
import { goal, lineOf, planned, slowMove } from './slow-move.ts';

const about = { site: 'demo', checkedAt: '2026-03-14T04:32:00.000Z' };
const verify = (e: MoveEvidence) => verifyMove(e, about);

/** Everything that a person could change about the snapshot of a member. */
const inSnapshot = (
  e: MoveEvidence,
  server: string,
  change: (snapshot: NonNullable<MoveEvidence['members'][number]['snapshot']>) => object,
): MoveEvidence =>
  withMember(e, server, ({ snapshot }) => ({ snapshot: { ...snapshot!, ...change(snapshot!) } }));
const withoutRecords = (e: MoveEvidence, ...steps: string[]): MoveEvidence => ({
  ...e,
  records: e.records.filter(({ step }) => step === null || !steps.includes(step)),
});
/** So long after the last step that ig-north did in the move, by its own clock. */
const releasedAt = (laterMs: number): string => {
  const last = goodMove().records.findLast(({ server, kind }) => server === 'ig-north' && kind === 'step')!;
  return new Date(Date.parse(last.wallTime) + laterMs).toISOString();
};
const uncounted = (e: MoveEvidence): MoveEvidence => ({ ...e, traffic: { before: null, after: null } });
describe('a switchover about which everything was seen', () => {
  it('has no line that is not proven, but the one that lies between two clocks', () => {
    const { lines } = verify(goodMove());
    expect(lines.map(({ id, verdict }) => [id, verdict])).toEqual(
      Array.from({ length: 18 }, (_, index) => {
        const id = `V${String(index + 1).padStart(2, '0')}`;
        // A part of V18 lies between two clocks.
        return [id, id === 'V18' ? 'consistent' : 'proven'];
      }),
    );
    expect(verificationSentence({ lines })).toBe('All 18 lines hold: verified');
  });

  it('tells before and after in a few words', () => {
    expect(lineOf(goodMove(), 'V02')).toMatchObject({ before: '2', after: '3' });
    expect(lineOf(goodMove(), 'V01')).toMatchObject({
      before: 'ended 04:31:51.6',
      after: 'started 04:31:56.4',
    });
  });
});

/** Each line at each verdict that it can have. */
const cases: readonly [string, Proof, string, MoveEvidence][] = [
  [
    'V01',
    'consistent',
    'the journal before does not tell the end',
    withoutRecords(goodMove(), 'stop-engine'),
  ],
  ['V01', 'unknown', 'the old member is silent', silent(goodMove(), 'ig-north')],
  [
    'V01',
    'violated',
    'an engine runs on both',
    inSnapshot(goodMove(), 'ig-north', ({ engine }) => ({
      engine: { ...engine, process: { value: 'running', source: 'service', ageMs: 1 } },
    })),
  ],
  [
    'V01',
    'violated',
    'an engine runs outside its unit',
    withMember(goodMove(), 'ig-north', ({ report }) => ({
      report: {
        ...report!,
        role: {
          ...report!.role,
          signals: [{ name: 'outsider', says: 'active', text: 'process 7 holds port 6661', ageMs: 1 }],
        },
      },
    })),
  ],
  ['V02', 'consistent', 'the old member is silent', silent(goodMove(), 'ig-north')],
  ['V02', 'unknown', 'the new Active is silent', silent(goodMove(), 'ig-south')],
  [
    'V02',
    'violated',
    'the store has another epoch',
    { ...goodMove(), store: { ...goodMove().store, epoch: 4 } },
  ],
  [
    'V03',
    'consistent',
    'the store is silent',
    { ...goodMove(), store: { ...goodMove().store, holder: null } },
  ],
  ['V03', 'unknown', 'the new Active is silent', silent(goodMove(), 'ig-south')],
  [
    'V03',
    'violated',
    'the store names the other one',
    { ...goodMove(), store: { ...goodMove().store, holder: 'ig-north' } },
  ],
  [
    'V04',
    'consistent',
    'the version before is not known',
    withoutRecords({ ...goodMove(), earlier: null }, 'start-engine'),
  ],
  ['V04', 'unknown', 'the new Active is silent', silent(goodMove(), 'ig-south')],
  [
    'V04',
    'violated',
    'the API does not answer',
    inSnapshot(goodMove(), 'ig-south', ({ engine }) => ({
      engine: {
        ...engine,
        api: { value: null, why: 'a page came instead of data', source: 'API', ageMs: 1 },
      },
    })),
  ],
  ['V05', 'consistent', 'the ledger before was not sealed', unsealed(goodMove())],
  ['V05', 'unknown', 'the new Active is silent', silent(goodMove(), 'ig-south')],
  ['V05', 'consistent', 'one was switched off since', standing({ on: false, leftOff: true })],
  ['V05', 'violated', 'one is off', standing({ on: false })],
  ['V05', 'unknown', 'none is told', standing({ on: null }, 2)],
  [
    'V05',
    'violated',
    'one is in error',
    inSnapshot(goodMove(), 'ig-south', ({ engine }) => ({
      engine: {
        ...engine,
        components: { value: { on: 14, total: 14, inError: 1 }, source: 'API', ageMs: 1 },
      },
    })),
  ],
  ['V06', 'consistent', 'the ledger before was not sealed', unsealed(goodMove())],
  [
    'V06',
    'unknown',
    'the engine does not count one',
    goodMove([row('ADT in', 5, { verdict: 'unknown', shownBy: 'none' })]),
  ],
  [
    'V06',
    'violated',
    'a gap',
    goodMove([row('ADT in', 5, { verdict: 'gap', sentence: 'ADT in: 2 messages are lost.' })]),
  ],
  ['V07', 'consistent', 'the ledger before was not sealed', unsealed(goodMove())],
  [
    'V07',
    'unknown',
    'no message is numbered',
    goodMove([row('ADT in', 5, { before: { on: true, queued: 0, position: null, lastNumber: null } })]),
  ],
  [
    'V07',
    'unknown',
    'where one of two queues went on is not told',
    goodMove([row('ADT in', 5), row('ORU out', 812, { after: null })]),
  ],
  [
    'V07',
    'violated',
    'a queue began again',
    goodMove([row('ADT in', 5, { after: { on: true, queued: 1, position: 3, lastNumber: 6 } })]),
  ],
  ['V08', 'consistent', 'nobody counts from outside', uncounted(goodMove())],
  ['V08', 'unknown', 'the new Active is silent', silent(uncounted(goodMove()), 'ig-south')],
  [
    'V08',
    'violated',
    'one came out of order',
    {
      ...goodMove(),
      traffic: { ...goodMove().traffic, after: { ...goodMove().traffic.after!, outOfOrder: 1 } },
    },
  ],
  [
    'V09',
    'consistent',
    'one was sent again',
    {
      ...goodMove(),
      traffic: { ...goodMove().traffic, after: { ...goodMove().traffic.after!, duplicates: 2 } },
    },
  ],
  [
    'V09',
    'consistent',
    'where a queue went on is not told, which is no step back',
    goodMove([row('ADT in', 5), row('ORU out', 812, { after: null })]),
  ],
  ['V09', 'unknown', 'nobody counts and nothing was sealed', unsealed(uncounted(goodMove()))],
  [
    'V09',
    'violated',
    'a queue began again',
    goodMove([row('ADT in', 5, { after: { on: true, queued: 1, position: 3, lastNumber: 6 } })]),
  ],
  ['V10', 'consistent', 'their stop is not told', withoutRecords(goodMove(), 'stop-pollers', 'stop-engine')],
  ['V10', 'unknown', 'the old member is silent', silent(goodMove(), 'ig-north')],
  [
    'V10',
    'violated',
    'one is not on',
    inSnapshot(goodMove(), 'ig-south', ({ engine }) => ({
      engine: { ...engine, pollers: { value: { on: 2, total: 3 }, source: 'API', ageMs: 1 } },
    })),
  ],
  ['V11', 'consistent', 'the senders were not counted', { ...goodMove(), earlier: null }],
  [
    'V11',
    'unknown',
    'no message has come in',
    inSnapshot(goodMove(), 'ig-south', ({ engine }) => ({
      engine: { ...engine, received: { value: 0, source: 'API', ageMs: 1 } },
    })),
  ],
  [
    'V11',
    'violated',
    'a listener is not open',
    withMember(goodMove(), 'ig-south', ({ report }) => ({
      report: {
        ...report!,
        role: {
          ...report!.role,
          signals: [{ name: 'listeners', says: 'active', text: '1 of 2 listeners open', ageMs: 1 }],
        },
      },
    })),
  ],
  [
    'V12',
    'consistent',
    'nobody looked from outside',
    { ...goodMove(), balancer: { name: 'lb-1', sendsTo: null, sessions: null, said: 'not looked' } },
  ],
  [
    'V12',
    'unknown',
    'nobody looked and the Active is silent',
    silent(
      { ...goodMove(), balancer: { name: 'lb-1', sendsTo: null, sessions: null, said: 'not looked' } },
      'ig-south',
    ),
  ],
  [
    'V12',
    'violated',
    'it sends to the old one',
    { ...goodMove(), balancer: { ...goodMove().balancer, sendsTo: 'ig-north' } },
  ],
  ['V13', 'consistent', 'the old member is silent', silent(goodMove(), 'ig-north')],
  ['V13', 'unknown', 'its proof is not told', withoutRecords(goodMove(), 'prove-storage')],
  [
    'V13',
    'violated',
    'a late write',
    inSnapshot(goodMove(), 'ig-south', ({ evidence }) => ({
      evidence: {
        ...evidence!,
        storage: { ...evidence!.storage!, lateWrite: { seen: 'ig-north wrote', agoMs: 5 } },
      },
    })),
  ],
  [
    'V13',
    'unknown',
    'the old member has not looked since its own last step',
    inSnapshot(goodMove(), 'ig-north', ({ storage }) => ({
      wallTime: releasedAt(1_000),
      storage: { ...storage, generation: { value: 2, ageMs: 3_000 } },
    })),
  ],
  [
    'V13',
    'consistent',
    'the old member has rightly nothing mounted',
    inSnapshot(goodMove(), 'ig-north', ({ storage }) => ({
      storage: {
        ...storage,
        proven: { ...storage.proven, value: { tookMs: 0, usedPercent: null, unmounted: true } },
        generation: { ...storage.generation, value: null, why: 'nothing is mounted there' },
      },
    })),
  ],
  [
    'V13',
    'violated',
    'the old member still reads the old generation long after it',
    inSnapshot(goodMove(), 'ig-north', ({ storage }) => ({
      wallTime: releasedAt(60_000),
      storage: { ...storage, generation: { value: 2, ageMs: 3_000 } },
    })),
  ],
  [
    'V14',
    'consistent',
    'nobody has compared the files since',
    { ...goodMove(), configuration: { equal: null, said: 'nobody has compared them' } },
  ],
  [
    'V14',
    'violated',
    'a file of the engine’s configuration differs',
    { ...goodMove(), configuration: { equal: false, said: '1 file differs (compared over SSH)' } },
  ],
  ['V14', 'unknown', 'the old member is silent', silent(goodMove(), 'ig-north')],
  ['V14', 'violated', 'a component is gone', goodMove([row('ADT in', 5, { after: null })])],
  [
    'V15',
    'consistent',
    'the Active does not hear it',
    inSnapshot(goodMove(), 'ig-south', ({ peer }) => ({ peer: { ...peer, reachable: false } })),
  ],
  ['V15', 'unknown', 'it is silent', silent(goodMove(), 'ig-north')],
  [
    'V15',
    'violated',
    'something is in its way',
    inSnapshot(goodMove(), 'ig-north', () => ({
      blockers: [{ code: 'x', reason: 'Its disk is full.', remedy: 'Make room.' }],
    })),
  ],
  ['V16', 'unknown', 'one is silent', silent(goodMove(), 'ig-north')],
  [
    'V16',
    'violated',
    'it is blocked',
    inSnapshot(goodMove(), 'ig-south', () => ({
      automaticFailover: { state: 'blocked', reason: 'by admin-1' },
    })),
  ],
  [
    'V17',
    'consistent',
    'it moved too',
    { ...goodMove(), others: [{ ...goodMove().others![0]!, changes: [goodMove().records[2]!] }] },
  ],
  [
    'V17',
    'unknown',
    'its journals are not here',
    { ...goodMove(), others: [{ ...goodMove().others![0]!, missing: 'not read' }] },
  ],
  ['V18', 'unknown', 'the end is not told', withoutRecords(goodMove(), 'open-active')],
  ['V18', 'consistent', 'no console saw the cluster before', { ...goodMove(), earlier: null }],
  ['V18', 'consistent', 'it took a little longer than planned', planned(4_000)],
  ['V18', 'consistent', 'it was far over the plan and within the goal', { ...slowMove(), goal: goal(120) }],
  ['V18', 'violated', 'it was far over the plan, and no goal is stated', slowMove()],
  ['V18', 'violated', 'it was over the goal', { ...goodMove(), goal: goal(4) }],
];

describe('each line', () => {
  it.each(cases)('%s is %s when %s', (id, verdict, _why, evidence) => {
    const line = lineOf(evidence, id);
    expect(line.verdict).toBe(verdict);
    expect(line.evidence).not.toBe('');
    if (verdict === 'unknown')
      expect(line.signs.some(({ kind, says }) => kind === 'missing' && says !== '')).toBe(true);
  });
});

describe('a verification', () => {
  it('counts what is open in its sentence', () => {
    const { lines } = verify(silent(goodMove(), 'ig-north'));
    expect(countsOf({ lines }).violated).toBe(0);
    expect(verificationSentence({ lines })).toMatch(
      /^\d+ of 18 lines hold, \d+ are unknown: not yet verified$/,
    );
  });

  it('shows a queue that both sides tell differently from both', () => {
    const table = goodMove().members[1]!.report!.ledger.comparison!;
    const gap = row('Orders', 402_877, { verdict: 'gap', sentence: 'Orders: 1 message is lost.' });
    const e = withMember(goodMove(), 'ig-north', ({ report }) => ({
      report: {
        ...report!,
        ledger: { ...report!.ledger, returned: { ...table, verdict: 'gap', rows: [gap] } },
      },
    }));
    const { verdict, signs } = lineOf(e, 'V06');
    expect(verdict).toBe('violated');
    expect(signs.map(({ from }) => from)).toEqual(expect.arrayContaining(['ig-north', 'ig-south']));
    expect(verify(e).ledger.lines[0]).toMatchObject({ name: 'Orders', verdict: 'violated' });
  });
});
