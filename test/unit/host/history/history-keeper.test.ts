import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  openHistoryDatabase,
  type HistoryDatabase,
} from '../../../../electron/host/history/history-database.ts';
import { startHistoryKeeper, type HistoryKeeper } from '../../../../electron/host/history/history-keeper.ts';
import type { LinkedAgent } from '../../../../electron/host/agent-links/agent-link.ts';
import { agentEndpoints } from '../../../../electron/host/agent-links/agent-endpoint.ts';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import type { JournalRecord } from '../../../../shared/agent-api/journal-record.ts';
import { productError } from '../../../../shared/errors.ts';
import { handTime } from '../hand-time.ts';
import { sampleMember, sampleSite } from '../samples.ts';
import { journalRecord } from './journal-record.ts';

const north = { cluster: 'WK1', server: 'north' };
const endpoint = agentEndpoints(sampleSite())[0]!;

let database: HistoryDatabase;
let keeper: HistoryKeeper;
let journal: JournalRecord[];
let reachable: boolean;
let asked: string[];
const time = handTime();

const ask: AskAgent = (_endpoint, { path }) => {
  asked.push(path);
  if (!reachable) return Promise.resolve({ ok: false, error: productError('server.timeout', 'No answer.') });
  const query = new URL(path, 'https://agent').searchParams;
  const records = journal
    .filter(({ seq }) => seq >= Number(query.get('from')))
    .slice(0, Number(query.get('limit')));
  return Promise.resolve({ ok: true, value: { records, next: 0, chainBroken: false } as never });
};

function linked(): LinkedAgent {
  const snapshot = sampleMember({ ...north, role: 'active' }, { journalHead: journal.at(-1)?.seq ?? 0 });
  return {
    endpoint,
    link: { phase: 'connected', heardAt: 0, failures: 0, error: null } as never,
    snapshot,
  };
}

async function look(times = 1) {
  for (let turn = 0; turn < times; turn += 1) {
    time.forward(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

beforeEach(() => {
  database = openHistoryDatabase(':memory:', 'x');
  journal = [];
  reachable = true;
  asked = [];
  keeper = startHistoryKeeper({ database, agents: () => [linked()], ask, time });
});

afterEach(() => {
  keeper.stop();
  database.close();
});

test('reads a journal page after page until nothing is left, then only what is new', async () => {
  journal = Array.from({ length: 1100 }, (_, index) => journalRecord(index + 1));
  await look(4);
  expect(database.head(north)).toBe(1100);
  const before = asked.length;
  await look(3);
  expect(asked.length).toBe(before);
  journal.push(journalRecord(1101));
  await look();
  expect(database.head(north)).toBe(1101);
});

test('says why a journal could not be read, and goes on when it can', async () => {
  journal = [journalRecord(1)];
  reachable = false;
  await look();
  expect(keeper.progress()[0]).toMatchObject({ ...north, head: 0, wanted: 1, why: 'No answer.' });
  const before = asked.length;
  await look(2);
  expect(asked.length).toBe(before);
  reachable = true;
  await look(8);
  expect(keeper.progress()[0]).toMatchObject({ head: 1, why: null });
});

test('reads a journal from its beginning that was begun anew', async () => {
  journal = [journalRecord(1), journalRecord(2), journalRecord(3)];
  await look();
  journal = [journalRecord(1, { wallTime: '2026-03-01T00:00:00.000Z' })];
  await look();
  expect(database.head(north)).toBe(1);
  expect(
    database.count({ from: null, to: null, clusters: [], kinds: [], words: [], limit: 1, skip: 0 }),
  ).toBe(4);
});
