import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import { productError } from '../../shared/errors.ts';
import {
  journalBegin,
  otherCluster,
  seenOfMove,
  storeByMembers,
  type AskedMember,
} from '../../shared/verification/members-seen.ts';
import {
  isSettling,
  type LogSeen,
  type MoveEvidence,
  type OtherCluster,
} from '../../shared/verification/move-evidence.ts';
import { movesIn, type Move } from '../../shared/verification/moves.ts';
import { verificationTextLines } from '../../shared/verification/text-lines.ts';
import { countsOf, verifyMove, type Verification } from '../../shared/verification/verification.ts';
import { pause, systemTimers } from '../system-timers.ts';
import { fetchEngineLog, fetchEvidence, fetchStatus } from './agent-client.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { lookAll } from './look-all.ts';
import { readJournals, type Journals } from './read-journals.ts';
import type { Target } from './targets.ts';

/** The longest page of a journal: a move and what led to it are well within. */
const recordsRead = 500;
/** Members look at their storage every 5 s, and what they see counts 10 s after their part of the move. */
const mostLooks = 15;
const betweenLooksMs = 1_000;

/** `ixha verify CLUSTER`: the evidence of its last move, line by line. */
export async function verifyVerb({ everyTarget, options, print }: CliCall): Promise<number> {
  const { cluster, json } = options;
  if (cluster === undefined) {
    const next = 'Add its name: ixha verify CLUSTER.';
    report(productError('request.invalid', 'The cluster to verify is not named.', [], next), json);
    return exitCodes.usage;
  }
  const members = everyTarget.filter((target) => target.cluster === cluster);
  const journals = await readAll(members);
  const [move] = movesIn(
    journals.records,
    members.map(({ server }) => server),
  );
  if (move === undefined) {
    const silent = journals.missing.map(({ error }) => error.message);
    const said = `The newest records of ${cluster} tell of no move between its servers.`;
    report(productError('verification.no-move', said, silent), json);
    return exitCodes.unreachable;
  }
  const evidence = await collectSettled(() => collect(move, journals, everyTarget));
  const about = { site: members[0]?.expected.site ?? '', checkedAt: new Date().toISOString() };
  const verification = verifyMove(evidence, about);
  if (json) print(JSON.stringify(verification));
  else verificationTextLines(verification).forEach((line) => print(line));
  return exitCode(verification);
}

const readAll = (targets: readonly Target[]) => readJournals(targets, { from: 1, limit: recordsRead });

/** Right after a move members have yet to look again at what it has left: that is waited for, not taken for a finding. */
async function collectSettled(look: () => Promise<MoveEvidence>): Promise<MoveEvidence> {
  for (let looks = 1; ; looks += 1) {
    const evidence = await look();
    if (looks === mostLooks || !isSettling(evidence)) return evidence;
    await pause(systemTimers, betweenLooksMs);
  }
}

async function collect(move: Move, journals: Journals, every: readonly Target[]): Promise<MoveEvidence> {
  const targets = every.filter(({ cluster }) => cluster === move.cluster);
  const [asked, logs, others] = await Promise.all([
    askMembers(targets, move, journals),
    askLogs(targets, move),
    otherClusters(move, journals.records, every),
  ]);
  const members = seenOfMove(move, asked);
  return {
    move,
    records: journals.records,
    members,
    logs,
    store: storeByMembers('the lease store', members, 'the command line does not ask it'),
    balancer: {
      name: 'balancer',
      sendsTo: null,
      sessions: null,
      said: 'the command line does not look from outside; the console does',
    },
    traffic: { before: null, after: null },
    configuration: { equal: null, said: 'the command line of a server does not compare them' },
    earlier: null,
    goal: { seconds: null, isKnown: false, said: 'the command line of a server does not know the goal' },
    others,
  };
}

async function askMembers(
  targets: readonly Target[],
  move: Move,
  { records, missing }: Journals,
): Promise<AskedMember[]> {
  const [statuses, reports] = await Promise.all([
    lookAll(targets, fetchStatus),
    lookAll(targets, fetchEvidence),
  ]);
  return statuses.map(({ target: { server }, answer, error }, index): AskedMember => {
    const unread = missing.find((one) => one.server === server)?.error.message ?? null;
    return {
      server,
      name: answer?.serverName ?? server,
      snapshot: answer,
      report: reports[index]?.answer ?? null,
      why: error?.message ?? reports[index]?.error?.message ?? null,
      journalMissing: unread ?? journalBegin(records, server, move),
    };
  });
}

async function askLogs(targets: readonly Target[], { epoch }: Move): Promise<LogSeen[]> {
  const seen = await lookAll(targets, (target) => fetchEngineLog(target, epoch));
  return seen.map(({ target: { server }, answer, error }) => ({
    server,
    answer,
    why: error?.message ?? null,
  }));
}

async function otherClusters(
  move: Move,
  moved: readonly JournalRecord[],
  every: readonly Target[],
): Promise<OtherCluster[]> {
  const names = [...new Set(every.map(({ cluster }) => cluster))].filter((name) => name !== move.cluster);
  return Promise.all(
    names.map(async (cluster) => {
      const targets = every.filter((target) => target.cluster === cluster);
      const [{ records, missing }, seen] = await Promise.all([
        readAll(targets),
        lookAll(targets, fetchStatus),
      ]);
      const active =
        seen.find(({ answer }) => answer?.role.observed === 'active')?.answer?.serverName ?? null;
      return otherCluster(cluster, { records, moved }, move, {
        active,
        missing: unreadWords(missing, records, move, targets),
      });
    }),
  );
}

function unreadWords(
  missing: Journals['missing'],
  records: readonly JournalRecord[],
  move: Move,
  targets: readonly Target[],
): string | null {
  const gaps = targets.map(({ server }) => journalBegin(records, server, move)).filter((gap) => gap !== null);
  return missing[0]?.error.message ?? gaps[0] ?? null;
}

/** 0: every line is PROVEN or CONSISTENT · 1: one is VIOLATED · 3: one is not known. */
function exitCode(verification: Verification): number {
  const { violated, unknown } = countsOf(verification);
  if (violated > 0) return exitCodes.attention;
  return unknown > 0 ? exitCodes.unreachable : exitCodes.done;
}
