/**
 * The rule about H: with at most one of two consecutive operations lost and every other one answered within O,
 * the Active never comes to its own stop. All choices of the network are tried over some leases' time.
 */
import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import { newHolder, prepareRequest, receiveAnswer, type HolderState } from '../../shared/lease/holder.ts';
import { answerLease, restoreStore, seedRecord, type StoreState } from '../../shared/lease/store.ts';
import { instants, modelTiming, tickMs } from './ticks.ts';

/** From when H is counted to the next renewal. */
export type RenewalClock = 'sent' | 'answered';

interface Run {
  readonly holder: HolderState;
  readonly store: StoreState;
  readonly nowMs: number;
  readonly answers: readonly { readonly atMs: number; readonly answer: LeaseAnswer }[];
  readonly nextSendMs: number;
  readonly mayLose: boolean;
  readonly trace: readonly string[];
}

/** More than T + δ: every later choice meets a state like an earlier one. */
const untilTicks = 9;
const periodMs = tickMs;
const operationMs = tickMs;

/** Searches all choices; the trace of the first needless stop, and how many states were looked at. */
export function findNeedlessStop(countedFrom: RenewalClock): {
  states: number;
  trace: readonly string[] | null;
} {
  let states = 0;
  let runs: Run[] = [granted()];
  while (runs.length > 0) {
    const next: Run[] = [];
    for (const run of runs) {
      states += 1;
      const { lease } = run.holder;
      if (lease === null || run.nowMs >= lease.sentMs + instants.ownStopMs)
        return { states, trace: run.trace };
      if (run.nowMs < untilTicks * tickMs) next.push(...choices(run, countedFrom));
    }
    runs = next;
  }
  return { states, trace: null };
}

/** What is sent now may be lost, answered at once or after O; then a tick passes and answers arrive. */
function choices(run: Run, countedFrom: RenewalClock): Run[] {
  if (run.nowMs < run.nextSendMs) return [passed(run)];
  const lost = run.mayLose ? [sent(run, countedFrom, null)] : [];
  const answered = [0, operationMs].map((delayMs) => sent(run, countedFrom, delayMs));
  return [...lost, ...answered].map((next) => passed(next));
}

function sent(run: Run, countedFrom: RenewalClock, delayMs: number | null): Run {
  const prepared = prepareRequest(run.holder, 'C', { op: 'renew' }, run.nowMs, modelTiming);
  if (prepared === null) throw new Error('a member that holds the lease may renew it');
  const turn = answerLease(run.store, 'A', prepared.request, run.nowMs);
  const answer: LeaseAnswer = { id: prepared.request.id, ...turn.answer };
  const doneMs = run.nowMs + (delayMs ?? operationMs);
  const words = delayMs === null ? 'lost' : delayMs === 0 ? 'answered at once' : 'answered after O';
  return received({
    holder: prepared.state,
    store: delayMs === null ? run.store : turn.state,
    nowMs: run.nowMs,
    answers: delayMs === null ? run.answers : [...run.answers, { atMs: doneMs, answer }],
    nextSendMs: (countedFrom === 'sent' ? run.nowMs : doneMs) + periodMs,
    mayLose: delayMs !== null,
    trace: [...run.trace, `tick ${run.nowMs / tickMs}: a renewal is sent and ${words}`],
  });
}

function passed(run: Run): Run {
  return received({ ...run, nowMs: run.nowMs + tickMs });
}

/** An answer that arrives at the very instant of the own stop is taken first. */
function received(run: Run): Run {
  let { holder } = run;
  for (const { atMs, answer } of run.answers) {
    if (atMs === run.nowMs) holder = receiveAnswer(holder, answer, run.nowMs, modelTiming).state;
  }
  return { ...run, holder, answers: run.answers.filter(({ atMs }) => atMs > run.nowMs) };
}

function granted(): Run {
  const record = { ...seedRecord('first', 'C', modelTiming.T, 0), untouched: false };
  const fresh = newHolder({ epoch: 0, ended: 0, storeId: 'first' });
  const read = prepareRequest(fresh, 'C', { op: 'read' }, 0, modelTiming)!;
  const store = restoreStore(record, modelTiming.T, 0);
  const seen = receiveAnswer(
    read.state,
    { id: read.request.id, ...answerLease(store, 'A', read.request, 0).answer },
    0,
    modelTiming,
  ).state;
  const asked = prepareRequest(seen, 'C', { op: 'acquire', planned: true }, 0, modelTiming)!;
  const turn = answerLease(store, 'A', asked.request, 0);
  const answer: LeaseAnswer = { id: asked.request.id, ...turn.answer };
  const holder = receiveAnswer(asked.state, answer, 0, modelTiming).state;
  return { holder, store: turn.state, nowMs: 0, answers: [], nextSendMs: periodMs, mayLose: true, trace: [] };
}
