/**
 * Everything of the product that the model drives. A broken rule is one of these replaced; production code has no
 * switches for it.
 */
import { judgeGuardTurn, judgeStart } from '../../shared/lease/guard.ts';
import { endEpoch, forgetLease, prepareRequest, receiveAnswer } from '../../shared/lease/holder.ts';
import { answerLease, restoreStore } from '../../shared/lease/store.ts';
import type { StoreRecord } from '../../shared/lease/store.ts';
import { productOldest } from './key.ts';
import { instants } from './ticks.ts';

export interface Rules {
  readonly prepare: typeof prepareRequest;
  readonly receive: typeof receiveAnswer;
  readonly end: typeof endEpoch;
  readonly forget: typeof forgetLease;
  readonly answer: typeof answerLease;
  readonly restore: typeof restoreStore;
  readonly gate: typeof judgeStart;
  readonly guard: typeof judgeGuardTurn;
  /** False: no guard lives. */
  readonly guarded: boolean;
  /** After tSend: from when nothing is started under this lease, and the guards' deadline. */
  readonly startUntilMs: number;
  readonly deadlineAfterMs: number;
  /** The order of writes in the shell. */
  readonly epochWrittenFirst: boolean;
  readonly endWrittenFirst: boolean;
  readonly grantWrittenFirst: boolean;
  /** The engine is looked at after the gate is shut, and again before the release. */
  readonly stopProvenLast: boolean;
  readonly answersBoundToProcess: boolean;
  /** A guard file found by a restarted agent counts only when it is of the present epoch. */
  readonly foundFileChecked: boolean;
  /** How far back the state's key looks, in ticks. */
  readonly oldest: number;
  /** How long after the old store's end a person reads the members' epochs and seeds the new one. */
  readonly seedAfterMs: number;
  /** A seeded store grants nothing before T + δ. */
  readonly seedWait: boolean;
  /** What a store that has lost its disk goes on with by itself; null: with nothing. */
  readonly onStoreLoss: (record: StoreRecord) => StoreRecord | null;
}

export const productRules: Rules = {
  prepare: prepareRequest,
  receive: receiveAnswer,
  end: endEpoch,
  forget: forgetLease,
  answer: answerLease,
  restore: restoreStore,
  gate: judgeStart,
  guard: judgeGuardTurn,
  guarded: true,
  startUntilMs: instants.ownStopMs,
  deadlineAfterMs: instants.guardKillMs,
  epochWrittenFirst: true,
  endWrittenFirst: true,
  grantWrittenFirst: true,
  stopProvenLast: true,
  answersBoundToProcess: true,
  foundFileChecked: true,
  seedAfterMs: instants.lastUseMs,
  seedWait: true,
  oldest: productOldest,
  onStoreLoss: () => null,
};
