import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openHistoryDatabase,
  type HistoryDatabase,
} from '../../../../electron/host/history/history-database.ts';
import { lookAtJournals } from '../../../../electron/host/readiness/journal-sight.ts';
import type { JournalRecord } from '../../../../shared/agent-api/journal-record.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail } from '../../../../shared/result.ts';
import { failoverJournal, written } from '../../history/journals.ts';
import { movedJournal } from '../../verification/a-move.ts';

/** Goal: readiness counts as moves what the timeline and a verification call so. Method: journals of a cluster in a history. */
const members = ['ig-north', 'ig-south'];
let database: HistoryDatabase;
beforeEach(() => {
  database = openHistoryDatabase(':memory:', 'x');
});
afterEach(() => database.close());

async function movesOf(records: readonly JournalRecord[]) {
  for (const server of members) {
    const own = records.filter((record) => record.server === server);
    database.add(
      { cluster: 'WK1', server },
      own.map((record, index) => ({ ...record, seq: index + 1 })),
    );
  }
  const progress = () => members.map((server) => ({ cluster: 'WK1', server, head: 9, wanted: 9, why: null }));
  const keeper = { progress, stop: () => Promise.resolve() } as never;
  const ask = () => Promise.resolve(fail(productError('agent.unreachable', 'No answer.')));
  const { moves } = await lookAtJournals({ database, keeper }, [], ask, '2026-03-14T05:00:00.000Z');
  return moves.map(({ to, takeover }) => `${takeover ? 'takeover' : 'planned'} to ${to}`);
}

const served = (server: 'ig-north' | 'ig-south', epoch: number) =>
  written(server, 500, 'role', `${server} is Active with epoch ${epoch}.`, { verdict: 'active', epoch });

describe('moves that readiness knows of', () => {
  it('are a planned one and a takeover, each as such', async () => {
    expect(await movesOf(movedJournal())).toEqual(['planned to ig-south']);
  });

  it('are takeovers where the one before was lost', async () => {
    expect(await movesOf([served('ig-north', 1), ...failoverJournal()])).toEqual(['takeover to ig-south']);
  });

  it('are neither the first start of a cluster nor a start where the engine was', async () => {
    expect(await movesOf(failoverJournal().map((record) => ({ ...record, epoch: 1 })))).toEqual([]);
  });

  it('is no start where the engine was before, however long ago', async () => {
    expect(await movesOf([served('ig-south', 1), ...failoverJournal()])).toEqual([]);
  });

  it('are none that was rolled back', async () => {
    const back = movedJournal()
      .filter(({ server, step }) => server === 'ig-north' || step === null)
      .filter(({ step }) => step !== 'release' && step !== 'end-epoch');
    const [opened] = movedJournal().filter(({ step }) => step === 'open-active');
    const again = { ...opened!, server: 'ig-north', wallTime: '2026-03-14T04:32:30.000Z' };
    expect(await movesOf([...back, again])).toEqual([]);
  });
});
