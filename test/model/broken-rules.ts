/** Each rule left out once, by wrapping what the model drives. The exploration must find what the rule prevents. */
import type { HolderState } from '../../shared/lease/holder.ts';
import { seedRecord } from '../../shared/lease/store.ts';
import { brokenOldest } from './key.ts';
import { productRules, type Rules } from './rules.ts';
import { driftMs, instants, modelTiming } from './ticks.ts';

export interface BrokenRule {
  readonly rule: string;
  readonly configuration: string;
  readonly broken: Partial<Rules>;
}

const { prepare, receive, answer, restore } = productRules;

/** As if the answer had arrived at the instant its request was sent: never too late. */
const receiveNeverTooLate: Rules['receive'] = (holder, given, nowMs, timing) =>
  receive(holder, given, holder.pending.get(given.id)?.sentMs ?? nowMs, timing);

const receiveCountedFromReceipt: Rules['receive'] = (holder, given, nowMs, timing) => {
  const { state, effects } = receive(holder, given, nowMs, timing);
  if (state.lease === null || state.lease === holder.lease) return { state, effects };
  const lease = { ...state.lease, sentMs: nowMs, validUntilMs: nowMs + instants.validMs };
  return { state: { ...state, lease }, effects };
};

const receiveAfterEnd: Rules['receive'] = (holder, given, nowMs, timing) => {
  const { ended } = holder.memory;
  const { state, effects } = receive(withMemory(holder, { ended: 0 }), given, nowMs, timing);
  return { state: withMemory(state, { ended }), effects };
};

const receiveAnyEpoch: Rules['receive'] = (holder, given, nowMs, timing) => {
  if (given.result !== 'granted') return receive(withMemory(holder, { epoch: 0 }), given, nowMs, timing);
  return receive(withMemory(holder, { epoch: given.view.epoch - 1, ended: 0 }), given, nowMs, timing);
};

const receiveAnyStore: Rules['receive'] = (holder, given, nowMs, timing) => {
  const { storeId } = holder.memory;
  if (given.view === null || storeId === null) return receive(holder, given, nowMs, timing);
  return receive(holder, { ...given, view: { ...given.view, storeId } }, nowMs, timing);
};

const prepareForAnyStore: Rules['prepare'] = (holder, cluster, body, sentMs, timing) => {
  const prepared = prepare(holder, cluster, body, sentMs, timing);
  return prepared === null ? null : { ...prepared, request: { ...prepared.request, storeId: null } };
};

const prepareWithAnyEpoch: Rules['prepare'] = (holder, cluster, body, sentMs, timing) => {
  if (body.op !== 'acquire') return prepare(holder, cluster, body, sentMs, timing);
  const prepared = prepare(withMemory(holder, { epoch: 0 }), cluster, body, sentMs, timing);
  return prepared === null ? null : { ...prepared, state: withMemory(prepared.state, holder.memory) };
};

const answerWithoutDrift: Rules['answer'] = (state, member, request, nowMs) => {
  const turn = answer(state, member, request, nowMs);
  const extended = turn.answer.result === 'granted' || turn.answer.result === 'renewed';
  if (!extended) return turn;
  return { ...turn, state: { ...turn.state, liveUntilMs: turn.state.liveUntilMs - driftMs } };
};

export const brokenRules: readonly BrokenRule[] = [
  {
    rule: 'the lease counts from tSend, taken before the request',
    configuration: 'drift',
    broken: { receive: receiveCountedFromReceipt, oldest: brokenOldest },
  },
  {
    rule: 'an answer is used only while validUntil − K − δ is ahead',
    configuration: 'replacement-freeze',
    broken: { receive: receiveNeverTooLate, startUntilMs: Infinity, oldest: brokenOldest },
  },
  {
    rule: 'a restarted store treats every lease as live for T + δ',
    configuration: 'servers',
    broken: { restore: (record, T, nowMs) => ({ ...restore(record, T, nowMs), liveUntilMs: nowMs }) },
  },
  {
    rule: 'the store waits δ longer than T',
    configuration: 'drift',
    broken: { answer: answerWithoutDrift, oldest: brokenOldest },
  },
  {
    rule: "the guards' deadline lies δ before the lease's end",
    configuration: 'drift',
    broken: {
      deadlineAfterMs: instants.guardKillMs + driftMs,
      startUntilMs: instants.ownStopMs + driftMs,
      oldest: brokenOldest,
    },
  },
  {
    rule: 'a grant is on the store’s disk before it is answered',
    configuration: 'servers',
    broken: { grantWrittenFirst: false },
  },
  {
    rule: 'the epoch is on the member’s disk before it is used',
    configuration: 'replacement',
    broken: { epochWrittenFirst: false },
  },
  {
    rule: 'the end of the epoch is on disk before the release is sent',
    configuration: 'handover',
    broken: { endWrittenFirst: false },
  },
  {
    rule: 'nothing is kept under an epoch that has ended',
    configuration: 'handover-reorder',
    broken: { receive: receiveAfterEnd },
  },
  {
    rule: 'the engine is proven stopped after the gate is shut, and before the release',
    configuration: 'outside-start',
    broken: { stopProvenLast: false },
  },
  {
    rule: 'a grant not above the member’s own epoch is never used, a store behind it is refused',
    configuration: 'older-copy',
    broken: { receive: receiveAnyEpoch, prepare: prepareWithAnyEpoch },
  },
  {
    rule: 'the store’s id is pinned on the members',
    configuration: 'foreign-store',
    broken: { receive: receiveAnyStore, prepare: prepareForAnyStore },
  },
  {
    rule: 'a store without memory grants nothing until a person has seeded it',
    configuration: 'replacement',
    broken: {
      onStoreLoss: ({ storeId, cluster }) => seedRecord(storeId, cluster, modelTiming.T, 0),
    },
  },
  {
    rule: 'a seeded store grants nothing before T + δ',
    configuration: 'replacement',
    broken: { seedWait: false },
  },
  {
    rule: 'the members’ epochs are read when no grant of the old store can be used any more',
    configuration: 'replacement-freeze',
    broken: { seedAfterMs: 0 },
  },
  {
    rule: 'the gate refuses a start without a deadline ahead',
    configuration: 'agent-freeze',
    broken: { gate: () => null },
  },
  {
    rule: 'one guard lives',
    configuration: 'agent-freeze',
    broken: { guarded: false },
  },
  {
    rule: 'an answer reaches only the process that asked',
    configuration: 'restarted',
    broken: { answersBoundToProcess: false, oldest: brokenOldest },
  },
];

function withMemory(holder: HolderState, change: Partial<HolderState['memory']>): HolderState {
  return { ...holder, memory: { ...holder.memory, ...change } };
}
