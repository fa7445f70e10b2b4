import type { MeasuredLoss, MeasuredOutage } from '../../../shared/drills/drill-record.ts';
import { withOutage } from '../../../shared/drills/drill-verdict.ts';
import { formatMeasured } from '../../../shared/fleet/age.ts';
import { clusterVerdict, isReady } from '../../../shared/fleet/cluster-verdict.ts';
import { tellChange } from '../../../shared/history/told-change.ts';
import { fail, succeed } from '../../../shared/result.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import {
  countsOf,
  verificationSentence,
  type CheckedLine,
} from '../../../shared/verification/verification.ts';
import { recordsOfMove } from '../verification/move-records.ts';
import type { DrillRun, StepOutcome } from './drill-run.ts';

/** Lines of a verification that speak of messages: positions, sequence, order, duplicates. */
const messageLines = ['V06', 'V07', 'V08'];
const verifiedWithinMs = 90_000;
/** The record of a drill holds no longer texts; the proof itself has all of it. */
const wordsAtMost = 3_000;
/** What a time is worth that begins on one server and ends on another, as a part of a sentence. */
export const betweenClocksWords =
  ' and their clocks, whose difference is not known, so it is compared with no goal';

/** The last step of every drill that changed something. */
export async function canFailOverAgain(run: DrillRun, withinMs: number): Promise<StepOutcome<true>> {
  const seen = await run.until('A cluster that can fail over', withinMs, () =>
    isReady(clusterVerdict(run.sight())) ? (true as const) : null,
  );
  const verdict = clusterVerdict(run.sight());
  run.happened('ready', verdict.sentence, seen.ok ? 'met' : 'not-met');
  if (!seen.ok) return fail(`${verdict.sentence}. ${verdict.detail}`.trim());
  return succeed({ evidence: verdict.sentence, found: true });
}

/** Waits for the proof of the last move, as the console makes it of every move. */
export async function verified(run: DrillRun, line: string): Promise<StepOutcome<KeptVerification>> {
  const operation = run.record().operations.at(-1)!;
  const { keeper } = await run.ports.site.verification();
  const { cluster } = run.record();
  const seen = await run.until('The verification', verifiedWithinMs, () => {
    const state = keeper.state(cluster, operation);
    return state?.progress === null ? state.kept : null;
  });
  if (!seen.ok) {
    run.happened(line, seen.error, 'not-known');
    return seen;
  }
  const { verification } = seen.value;
  const { violated, unknown } = countsOf(verification);
  const sentence = verificationSentence(verification);
  run.happened(line, sentence, violated > 0 ? 'not-met' : unknown > 0 ? 'not-known' : 'met');
  if (violated > 0) return fail(`${sentence}. The drill goes no further.`);
  return succeed({ evidence: `${sentence}${await tookWords(run, operation)}`, found: seen.value });
}

/** How long this very move took by the journals. */
async function tookWords(run: DrillRun, operation: string): Promise<string> {
  const { database } = await run.ports.site.history();
  const told = tellChange(recordsOfMove(database, run.record().cluster, operation), operation);
  if (told?.withoutActiveMs == null) return '';
  return `; without an Active ${formatMeasured(told.withoutActiveMs)} by the journals`;
}

/** What was lost: by numbered messages where there are any, else by what the verifications saw of the queues. */
export async function measureLoss(run: DrillRun, proofs: readonly KeptVerification[]): Promise<void> {
  const loss = run.gaps.loss() ?? lossByProofs(proofs);
  run.change({ loss });
  run.happened('loss', loss.sentence, loss.lost === null ? 'not-known' : loss.lost === 0 ? 'met' : 'not-met');
}

/** None is lost only where every verification has proven it: what merely fits leaves it open. */
function lossByProofs(proofs: readonly KeptVerification[]): MeasuredLoss {
  const lines = proofs.flatMap(({ verification }) =>
    verification.lines.filter(({ id }) => messageLines.includes(id)),
  );
  const violated = lines.filter(({ verdict }) => verdict === 'violated');
  if (violated.length > 0) {
    return {
      lost: violated.length,
      sentence: `The verification found messages missing or out of order: ${lineWords(violated)}.`,
    };
  }
  const open = lines.filter(({ verdict }) => verdict !== 'proven');
  if (open.length > 0) {
    return { lost: null, sentence: `Whether a message was lost is not proven: ${lineWords(open)}.` };
  }
  if (proofs.length === 0 || lines.length < proofs.length * messageLines.length) {
    const ids = messageLines.join(', ');
    return {
      lost: null,
      sentence: `Whether a message was lost cannot be told: ${ids} of the verification could not be seen.`,
    };
  }
  return {
    lost: 0,
    sentence: 'Nothing was lost: the verifications have proven position, order and sequence.',
  };
}

function lineWords(lines: readonly CheckedLine[]): string {
  const told = lines.map(({ id, verdict, evidence }) => `${id} ${verdict.toUpperCase()}, ${evidence}`);
  return told.join('; ').slice(0, wordsAtMost);
}

/** The outage by acknowledged messages, else the longest one that the journals tell of the drill's operations. */
export async function measureOutage(run: DrillRun, byJournals?: MeasuredOutage): Promise<void> {
  const outage = run.outage() ?? byJournals ?? (await outageOfMoves(run));
  const record = withOutage(run.record(), outage);
  run.change({ outage: record.outage, lines: record.lines });
}

async function outageOfMoves(run: DrillRun): Promise<MeasuredOutage> {
  const { cluster, operations } = run.record();
  const { database } = await run.ports.site.history();
  const moves = operations.map((operation) =>
    tellChange(recordsOfMove(database, cluster, operation), operation),
  );
  const told = moves.flatMap((move) => move?.withoutActiveMs ?? []);
  if (told.length === 0 || told.length < moves.length) {
    return {
      ms: null,
      by: 'nothing',
      atLeast: false,
      sentence: 'The journals do not tell how long there was no Active.',
    };
  }
  const ms = Math.max(...told);
  const betweenClocks = moves.some((move) => move?.isBetweenClocks);
  return {
    ms,
    by: 'journals',
    atLeast: false,
    betweenClocks,
    sentence: `The longest time without an Active was ${formatMeasured(ms)}, by the journals of both members${betweenClocks ? betweenClocksWords : ''}; senders were not watched.`,
  };
}
