import { agentPaths, JournalPage } from '../../../shared/agent-api/agent-api.ts';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { changeRecords } from '../../../shared/history/change-records.ts';
import { changesIn, tellChange } from '../../../shared/history/told-change.ts';
import type { JournalNote, JournalSight, PastMove } from '../../../shared/readiness/scene.ts';
import { moveOf } from '../../../shared/verification/moves.ts';
import { endpointKey } from '../agent-links/agent-endpoint.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { HistoryDatabase } from '../history/history-database.ts';
import type { SiteHistory } from '../history/read-timeline.ts';

const dayMs = 24 * 3_600_000;
const askWithinMs = 3_000;
/** No change takes longer; what led to it was written before. */
const aroundMs = 10 * 60_000;
/** Steps that are looked through for moves, and moves that are told; a quarter of a year of drills has fewer. */
const stepsAtMost = 20_000;
const movesAtMost = 40;
/** Changes of role before a move: who was Active before may have been so for months. */
const rolesBefore = 20;

/** What the journals tell of moves, clocks and lost leases, and whether their own agents find them whole. */
export async function lookAtJournals(
  { database, keeper }: SiteHistory,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
  wallTime: string,
): Promise<JournalSight> {
  const gaps = database.gaps();
  const since = (days: number) => new Date(Date.parse(wallTime) - days * dayMs).toISOString();
  const journals = await Promise.all(
    keeper.progress().map(async ({ cluster, server, head, wanted }) => ({
      ...{ cluster, server, head, wanted },
      missing: gaps.find((gap) => gap.cluster === cluster && gap.server === server)?.missing ?? 0,
      chainBroken: await chainBroken({ cluster, server, wanted }, agents, ask),
    })),
  );
  return {
    journals,
    clockJumps: notesOf(database, ['clocks', 'jumped'], since(7)),
    lostLeases: notesOf(database, ['lease of epoch', 'is lost:'], since(7)),
    moves: movesSince(database, journals, since(90)),
  };
}

/** As its own agent says, which checks the chain as it reads; null: it could not be asked. */
async function chainBroken(
  { cluster, server, wanted }: { cluster: string; server: string; wanted: number | null },
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<boolean | null> {
  const agent = agents.find(({ endpoint }) => endpointKey(endpoint) === endpointKey({ cluster, server }));
  if (agent === undefined) return null;
  const path = `${agentPaths.journal}?from=${wanted ?? 1}&limit=1`;
  const page = await ask(agent.endpoint, { path, schema: JournalPage, withinMs: askWithinMs });
  return page.ok ? page.value.chainBroken : null;
}

function notesOf(database: HistoryDatabase, words: readonly string[], from: string): JournalNote[] {
  const found = database.find({ from, to: null, clusters: [], kinds: ['lease'], words, limit: 100, skip: 0 });
  return found.map(({ cluster, server, wallTime, sentence }) => ({ cluster, server, wallTime, sentence }));
}

function movesSince(database: HistoryDatabase, journals: JournalSight['journals'], from: string): PastMove[] {
  const open = { to: null, clusters: [], words: [], skip: 0 };
  const steps = database.find({ ...open, from, kinds: ['step'], limit: stepsAtMost });
  return changesIn(steps)
    .slice(0, movesAtMost)
    .flatMap((operation) => {
      const own = steps.filter((record) => record.operation === operation);
      const members = journals
        .filter(({ cluster }) => cluster === own[0]?.cluster)
        .map(({ server }) => server);
      return pastMove(database, operation, own, members) ?? [];
    });
}

/**
 * A move between two servers that led to an Active. Null: it did not, as a first start, or one that was rolled back; or
 * the records at hand do not tell.
 */
function pastMove(
  database: HistoryDatabase,
  operation: string,
  own: readonly JournalRecord[],
  members: readonly string[],
): PastMove | null {
  const times = own.map(({ wallTime }) => Date.parse(wallTime));
  const [first] = own;
  if (first === undefined) return null;
  const from = new Date(Math.min(...times) - aroundMs).toISOString();
  const to = new Date(Math.max(...times) + aroundMs).toISOString();
  const every = { clusters: [first.cluster], kinds: [], words: [], skip: 0 };
  const around = database.find({ ...every, from, to, limit: 2_000 });
  const roles = database.find({ ...every, from: null, to: from, kinds: ['role'], limit: rolesBefore });
  const records = [...around, ...roles]
    .reverse()
    .sort((one, other) => one.wallTime.localeCompare(other.wallTime));
  const change = changeRecords(records, operation);
  const move = moveOf(records, operation, members);
  if (move === null || move.kind === 'rolled-back' || change?.activeAgain == null) return null;
  return {
    cluster: change.cluster,
    to: change.activeAgain,
    wallTime: new Date(change.beganMs).toISOString(),
    takeover: move.kind !== 'planned',
    withoutActiveMs: tellChange(records, operation)?.withoutActiveMs ?? null,
  };
}
