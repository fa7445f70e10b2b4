import { describe, expect, it } from 'vitest';
import { measureLoss, measureOutage } from '../../../electron/host/drills/drill-ends.ts';
import type { DrillRun } from '../../../electron/host/drills/drill-run.ts';
import { outageByJournals } from '../../../electron/host/drills/engine-kill-drill.ts';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { DrillRecord, MeasuredLoss } from '../../../shared/drills/drill-record.ts';
import { withOutage } from '../../../shared/drills/drill-verdict.ts';
import { emergencyStopMark, engineDiedMark } from '../../../shared/history/change-records.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { begunDrill, drillsNow } from '../../screens/drills-fixtures.ts';
import { recordOf } from './drill-world.ts';

interface Given {
  readonly loss?: MeasuredLoss;
  readonly journal?: readonly JournalRecord[];
  readonly operations?: string[];
}

/** A drill that has come to its end, and what was said of its lines. */
function ended({ loss, journal = [], operations = [] }: Given) {
  const begun = begunDrill('switchover-and-back', 'WK1', drillsNow);
  let record: DrillRecord = { ...begun, operations, goalSeconds: 10 };
  const said: Record<string, string> = {};
  const run = {
    gaps: { loss: () => loss ?? null },
    outage: () => null,
    record: () => record,
    change: (change: Partial<DrillRecord>) => (record = { ...record, ...change }),
    happened: (id: string, _words: string, verdict: string) => (said[id] = verdict),
    ports: {
      site: { history: () => Promise.resolve({ database: { find: () => [...journal].reverse() } }) },
    },
  } as unknown as DrillRun;
  return { run, said, record: () => record };
}

type Verdict = KeptVerification['verification']['lines'][number]['verdict'];

function proofOf(verdicts: Readonly<Record<string, Verdict>>): KeptVerification {
  const lines = Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict, evidence: `seen of ${id}` }));
  return { verification: { lines } } as unknown as KeptVerification;
}

const proven = { V06: 'proven', V07: 'proven', V08: 'proven' } as const;

/** Goal: nothing is said to be not lost that was not proven. Method: proofs that miss one thing. */
describe('what a drill says was lost', () => {
  const lossOf = async (proofs: KeptVerification[], loss?: MeasuredLoss) => {
    const { run, said, record } = ended(loss === undefined ? {} : { loss });
    await measureLoss(run, proofs);
    return { verdict: said['loss'], lost: record().loss?.lost, sentence: record().loss?.sentence };
  };

  it('is nothing only where position, sequence and order of every move were proven', async () => {
    expect(await lossOf([proofOf(proven), proofOf(proven)])).toMatchObject({ verdict: 'met', lost: 0 });
    const open = await lossOf([proofOf(proven), proofOf({ ...proven, V08: 'consistent' })]);
    expect(open).toMatchObject({ verdict: 'not-known', lost: null });
    expect(open.sentence).toBe('Whether a message was lost is not proven: V08 CONSISTENT, seen of V08.');
  });

  it('is not known where a line was not seen, or nothing was verified', async () => {
    for (const proofs of [[], [proofOf({ V06: 'proven' })], [proofOf({ ...proven, V07: 'unknown' })]])
      expect(await lossOf(proofs)).toMatchObject({ verdict: 'not-known', lost: null });
  });

  it('is what a verification found missing, or what numbered messages tell', async () => {
    expect(await lossOf([proofOf({ ...proven, V06: 'violated' })])).toMatchObject({ verdict: 'not-met' });
    const counted = { lost: 0, sentence: 'None of 50 is missing.' };
    expect(await lossOf([proofOf({ V06: 'consistent' })], counted)).toMatchObject({
      verdict: 'met',
      lost: 0,
    });
  });
});

/** Goal: no clock that is behind makes a drill meet its goal. Method: journals of one server, and of two. */
describe('how long there was no Active by the journals', () => {
  const step = (server: string, seq: number, at: number, name: string) =>
    recordOf(server, seq, at, { step: name, result: 'ok', operation: 'op-48', tookMs: 500, ruleId: 'R31' });
  const taken = [step('ig-south', 1, 16, 'acquire'), step('ig-south', 2, 20, 'open-active')];
  const goalOf = async (journal: readonly JournalRecord[]) => {
    const { run, record } = ended({ journal, operations: ['op-48'] });
    await measureOutage(run);
    return { outage: record().outage, goal: record().lines.find(({ id }) => id === 'goal')?.verdict };
  };

  it('meets no goal, and misses none, from the stop on one server to the start on the other', async () => {
    const stopped = recordOf('ig-north', 9, 15, { kind: 'alarm', verdict: emergencyStopMark });
    const { outage, goal } = await goalOf([stopped, ...taken]);
    expect(outage).toMatchObject({ ms: 5_000, by: 'journals', betweenClocks: true });
    expect(outage?.sentence).toContain('whose difference is not known');
    expect(goal).toBe('not-known');
  });

  it('is compared with the goal where one server tells its beginning and its end', async () => {
    expect(await goalOf(taken)).toMatchObject({ outage: { betweenClocks: false }, goal: 'met' });
  });

  it('goes by the boot-time clock of the server whose engine was killed, unless another one took over', () => {
    const died = recordOf('ig-north', 1, 10, { kind: 'alarm', verdict: engineDiedMark });
    const record = ended({}).record();
    const goal = (server: string) =>
      withOutage(record, outageByJournals(died, recordOf(server, 2, 14, {}))).lines.find(
        ({ id }) => id === 'goal',
      );
    expect([goal('ig-north')?.verdict, goal('ig-south')?.verdict]).toEqual(['met', 'not-known']);
    expect(goal('ig-south')?.happened).toBe('4.0 s, as far as the clocks of both servers agree');
  });
});
