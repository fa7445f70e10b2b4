/** Everything of the product that the model of peer mode drives; a broken variant is one of these replaced. */
import { judgeRecordInPeerMode } from '../../../shared/lease/asker.ts';
import { judgeGuardTurn, judgeStart } from '../../../shared/lease/guard.ts';
import {
  askPeer,
  endLeaseEpoch,
  newMemberLease,
  periodToTell,
  prepareLeaseRequest,
  returnGrant,
  takeLeft,
  takePeerPromise,
  takeQuestion,
  takeStoreAnswer,
} from '../../../shared/lease/member-lease.ts';
import { answerLease, restoreStore } from '../../../shared/lease/store.ts';
import { productOldest } from '../key.ts';
import { instants } from '../ticks.ts';

export interface PeerRules {
  readonly restart: typeof newMemberLease;
  readonly prepare: typeof prepareLeaseRequest;
  readonly takeAnswer: typeof takeStoreAnswer;
  readonly takeLeft: typeof takeLeft;
  readonly ask: typeof askPeer;
  readonly takePromise: typeof takePeerPromise;
  readonly takeQuestion: typeof takeQuestion;
  readonly end: typeof endLeaseEpoch;
  readonly returnGrant: typeof returnGrant;
  readonly toTell: typeof periodToTell;
  readonly judgeRecord: typeof judgeRecordInPeerMode;
  readonly answer: typeof answerLease;
  readonly restore: typeof restoreStore;
  readonly gate: typeof judgeStart;
  readonly guard: typeof judgeGuardTurn;
  /** After tSend, or after now in peer mode. */
  readonly deadlineAfterMs: number;
  /** The order of the shell's acts. */
  readonly promiseWrittenFirst: boolean;
  readonly promiseAndGrantUnderOneLock: boolean;
  readonly peerModeWrittenFirst: boolean;
  readonly deadlineBeforeLeaving: boolean;
  readonly leavingWrittenBeforeTold: boolean;
  readonly grantInOneWrite: boolean;
  /** Drops messages that the product would ignore for ever. */
  readonly tidies: boolean;
  readonly oldest: number;
}

export const peerRules: PeerRules = {
  restart: newMemberLease,
  prepare: prepareLeaseRequest,
  takeAnswer: takeStoreAnswer,
  takeLeft,
  ask: askPeer,
  takePromise: takePeerPromise,
  takeQuestion,
  end: endLeaseEpoch,
  returnGrant,
  toTell: periodToTell,
  judgeRecord: judgeRecordInPeerMode,
  answer: answerLease,
  restore: restoreStore,
  gate: judgeStart,
  guard: judgeGuardTurn,
  deadlineAfterMs: instants.guardKillMs,
  promiseWrittenFirst: true,
  promiseAndGrantUnderOneLock: true,
  peerModeWrittenFirst: true,
  deadlineBeforeLeaving: true,
  leavingWrittenBeforeTold: true,
  grantInOneWrite: true,
  tidies: true,
  oldest: productOldest,
};
