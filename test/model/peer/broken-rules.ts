/** Each rule of peer mode left out once, by wrapping what the model drives. */
import type { MemberLease } from '../../../shared/lease/member-lease.ts';
import { isAbove, type Period } from '../../../shared/lease/period.ts';
import { endEpoch, prepareRequest } from '../../../shared/lease/holder.ts';
import { brokenOldest } from '../key.ts';
import { peerRules, type PeerRules } from './rules.ts';

export interface BrokenPeerRule {
  readonly rule: string;
  readonly configuration: string;
  readonly broken: Partial<PeerRules>;
  /** Enough of the first states, where what goes wrong is a blockage and no state violates anything. */
  readonly firstStates?: number;
}

const { restart, prepare, takeAnswer, takePromise, takeQuestion } = peerRules;

const dropped = (state: MemberLease, period: Period) => ({
  state: { ...state, promiser: { ...state.promiser, promise: null } },
  effects: [{ kind: 'promise-dropped', period } as const],
});

const takeLeftByNumber: PeerRules['takeLeft'] = (state, left) => {
  const { promise } = state.promiser;
  return promise !== null && promise.n <= left.n ? dropped(state, promise) : { state, effects: [] };
};

const takeLeftOfAny: PeerRules['takeLeft'] = (state) => {
  const { promise } = state.promiser;
  return promise === null ? { state, effects: [] } : dropped(state, promise);
};

const takeAnswerDropping: PeerRules['takeAnswer'] = (state, answer, nowMs, timing) => {
  const step = takeAnswer(state, answer, nowMs, timing);
  const { promise } = step.state.promiser;
  const epoch = step.state.holder.seen?.view.epoch ?? 0;
  return promise !== null && epoch > promise.e ? dropped(step.state, promise) : step;
};

const restartWithOldAnswers: PeerRules['restart'] = (memory, nonce, engineRunning) => {
  const state = restart(memory, nonce, engineRunning);
  const asking = memory.asked !== null && isAbove(memory.asked, memory.left);
  return { ...state, asker: { ...state.asker, asking } };
};

const takePromiseOfAnyProcess: PeerRules['takePromise'] = (state, answer, nowMs, timing) =>
  takePromise(state, { ...answer, nonce: state.asker.nonce }, nowMs, timing);

const takePromiseOfAnyPeriod: PeerRules['takePromise'] = (state, answer, nowMs, timing) => {
  const memory = { ...state.asker.memory, asked: answer.period, left: null };
  const taken = takePromise(
    { ...state, asker: { ...state.asker, asking: true, memory } },
    answer,
    nowMs,
    timing,
  );
  return taken.outcome.kind === 'entered' ? taken : { state, outcome: taken.outcome };
};

const takePromiseNeverTooLate: PeerRules['takePromise'] = (state, answer, _nowMs, timing) =>
  takePromise(state, answer, state.holder.lease?.sentMs ?? 0, timing);

const takeAnswerNeverTooLate: PeerRules['takeAnswer'] = (state, answer, _nowMs, timing) =>
  takeAnswer(state, answer, state.holder.pending.get(answer.id)?.sentMs ?? 0, timing);

const takeAnswerKeepingQuestions: PeerRules['takeAnswer'] = (state, answer, nowMs, timing) => {
  const step = takeAnswer(state, answer, nowMs, timing);
  const { peer, asked } = state.asker.memory;
  return peer === null && asked !== null && step.state.asker.memory.left?.n !== 0
    ? { ...step, state: { ...step.state, asker: state.asker } }
    : step;
};

const prepareInSpiteOfPromise: PeerRules['prepare'] = (state, cluster, body, sentMs, timing) => {
  const prepared = prepareRequest(state.holder, cluster, body, sentMs, timing);
  return prepared && { state: { ...state, holder: prepared.state }, request: prepared.request };
};

const takeQuestionKeepingRequests: PeerRules['takeQuestion'] = (state, period, facts) => {
  const taken = takeQuestion(state, period, facts);
  return { ...taken, state: { ...taken.state, holder: state.holder } };
};

const restartWithoutPromise: PeerRules['restart'] = (memory, nonce, engineRunning) =>
  restart({ ...memory, promise: null }, nonce, engineRunning);

const restartInPeerMode: PeerRules['restart'] = (memory, nonce) => restart(memory, nonce, true);

export const brokenPeerRules: readonly BrokenPeerRule[] = [
  {
    rule: 'periods are compared by epoch, then number',
    configuration: 'second-epoch',
    broken: { takeLeft: takeLeftByNumber, tidies: false },
  },
  {
    rule: 'a promise is taken only by the process that asked',
    configuration: 'asked-again',
    broken: { restart: restartWithOldAnswers, takePromise: takePromiseOfAnyProcess, tidies: false },
  },
  {
    rule: 'a promise is on disk before it is answered',
    configuration: 'peer-crash',
    broken: { promiseWrittenFirst: false },
  },
  {
    rule: 'a promise and a grant are taken under one lock',
    configuration: 'question-late',
    broken: { promiseAndGrantUnderOneLock: false },
  },
  {
    rule: 'while a promise stands nothing is acquired',
    configuration: 'promise',
    broken: { prepare: prepareInSpiteOfPromise },
  },
  {
    rule: 'a promise is remembered after a restart',
    configuration: 'peer-crash',
    broken: { restart: restartWithoutPromise },
  },
  {
    rule: 'a promise is taken only for the latest question, never for a period that was left',
    configuration: 'promise',
    broken: { takePromise: takePromiseOfAnyPeriod, tidies: false },
  },
  {
    rule: 'peer mode is on disk before the engine lives past the lease',
    configuration: 'peer-crash',
    broken: { peerModeWrittenFirst: false },
  },
  {
    rule: 'peer mode is left only on a renewal that can still be used',
    configuration: 'promise',
    broken: { takeAnswer: takeAnswerNeverTooLate, oldest: brokenOldest },
  },
  {
    rule: 'the guards have the lease’s deadline before the period is left on disk',
    configuration: 'leave-drift',
    broken: { deadlineBeforeLeaving: false },
  },
  {
    rule: 'a period that was left is on disk before anybody is told',
    configuration: 'leave-drift',
    broken: { leavingWrittenBeforeTold: false },
  },
  {
    rule: 'the period that was left is told until the store shows it',
    configuration: 'promise',
    broken: { toTell: () => null },
    firstStates: 8_000,
  },
  {
    rule: 'a word of leaving drops no later promise',
    configuration: 'second-period',
    broken: { takeLeft: takeLeftOfAny, tidies: false },
  },
  {
    rule: 'a higher epoch in the store alone drops no promise',
    configuration: 'void-grant',
    broken: { takeAnswer: takeAnswerDropping },
  },
  {
    rule: 'a question that was not needed is ended on the first good renewal',
    configuration: 'promise',
    broken: { takeAnswer: takeAnswerKeepingQuestions },
    firstStates: 8_000,
  },
  {
    rule: 'with its epoch a member ends what it has asked for',
    configuration: 'promise-end',
    broken: { end: (state, epoch) => ({ ...state, holder: endEpoch(state.holder, epoch) }) },
  },
  {
    rule: 'beside a grant that was never used the next epoch is acquired',
    configuration: 'void-grant',
    broken: { judgeRecord: () => 'renew' },
    firstStates: 8_000,
  },
  {
    rule: 'with the engine off peer mode on disk alone starts nothing',
    configuration: 'peer-power',
    broken: { restart: restartInPeerMode },
  },
];

const prepareRenewals: PeerRules['prepare'] = (state, cluster, body, sentMs, timing) =>
  (body.op === 'renew' ? prepareInSpiteOfPromise : prepare)(state, cluster, body, sentMs, timing);

const takeQuestionInPeerMode: PeerRules['takeQuestion'] = (state, period, facts) => {
  const taken = takeQuestion(state, period, facts);
  const { peer } = state.asker.memory;
  const memory = { ...taken.state.asker.memory, peer };
  return { ...taken, state: { ...taken.state, asker: { ...taken.state.asker, memory } } };
};

/** Left out with nothing found: a second lock on a door that another rule keeps shut. */
export const secondLocks: readonly BrokenPeerRule[] = [
  {
    rule: 'a promise forgets what the store was asked for',
    configuration: 'void-grant',
    broken: { takeQuestion: takeQuestionKeepingRequests },
  },
  {
    rule: 'while a promise stands nothing is renewed',
    configuration: 'void-grant',
    broken: { prepare: prepareRenewals },
  },
  {
    rule: 'who gives a promise voids its own peer mode',
    configuration: 'peer-power',
    broken: { takeQuestion: takeQuestionInPeerMode },
  },
  {
    rule: 'on a grant beside peer mode epoch, mode and period are one write',
    configuration: 'void-grant',
    broken: { grantInOneWrite: false },
  },
  {
    rule: 'a promise that comes too late is not used',
    configuration: 'promise',
    broken: { takePromise: takePromiseNeverTooLate, oldest: brokenOldest },
  },
];
