import type { TimingPolicy } from '../lease/timing.ts';
import type { StepKind } from './member-facts.ts';

/** What a step may take, by what it is known to be done, and what happens to what it did when the change fails. */
export interface StepTerms {
  /** Its own time limit in milliseconds; the executor ends it then, and it counts as failed. */
  readonly limitMs: (timing: TimingPolicy) => number;
  readonly evidence: string;
  readonly undo: string;
}

/** A store operation, with the durable write of the answer. */
const storeLimitMs = ({ O }: TimingPolicy) => O * 1000;
/** One call of the storage script: what a site calls slow for one store operation, twice. */
export const storageLimitMs = ({ O }: TimingPolicy) => Math.max(1_000, O * 2_000);
/** Of a copied directory: what has changed since the copy before, and a look at every file. */
const lastCopyLimitMs = () => 60_000;
const componentsLimitMs = () => 30_000;
const noWait = () => 0;
const givesBack = 'the lease is given back, and the other member becomes Active again';

export const stepTerms: Readonly<Record<StepKind, StepTerms>> = {
  drain: {
    // A balancer that checks every 200 ms and needs two refusals has switched off by then.
    limitMs: () => 2_000,
    evidence: '/active has answered 503 twice, or nobody has asked',
    undo: '/active answers 200 again',
  },
  'stop-pollers': {
    limitMs: componentsLimitMs,
    evidence: 'the next look finds none of them on',
    undo: 'they are started again, last of all',
  },
  'stop-engine': {
    limitMs: () => 60_000,
    evidence: 'its process group is empty; killed when it takes longer',
    undo: 'the engine is started again where it was',
  },
  'seal-ledger': {
    limitMs: storageLimitMs,
    evidence: 'the ledger is on the storage, synced, and with the peer',
    undo: 'nothing to undo; tried once, and the change goes on without it',
  },
  'copy-last': {
    limitMs: lastCopyLimitMs,
    evidence:
      'the other server has the directory complete, checked against its manifest, after the engine had stopped',
    undo: 'the engine is started again where it was',
  },
  'end-epoch': {
    limitMs: noWait,
    evidence: 'the gate is shut, the engine proven stopped, the end synced to disk',
    undo: 'never undone: becoming Active again takes a new epoch',
  },
  release: {
    limitMs: storeLimitMs,
    evidence: 'the store has confirmed it',
    undo: 'never undone: asked again until confirmed; the reservation ends after T + δ',
  },
  acquire: {
    limitMs: storeLimitMs,
    evidence: 'the store has granted an epoch, and it is synced to disk',
    undo: givesBack,
  },
  force: {
    limitMs: storeLimitMs,
    evidence: 'the store has granted an epoch; without it, the raised epoch is synced to disk',
    undo: 'never undone: the other member stays out until the lease has ended, or a person re-admits it',
  },
  'prove-storage': {
    limitMs: storageLimitMs,
    evidence: 'the identity was seen, and a synced write read back',
    undo: givesBack,
  },
  'write-generation': {
    limitMs: storageLimitMs,
    evidence: 'the storage carries the epoch, synced',
    undo: 'never undone: generations only grow; the next Active raises it further',
  },
  'start-engine': {
    limitMs: () => 60_000,
    evidence: 'its process runs and its API answers',
    undo: 'the engine is stopped and proven, then the lease is given back',
  },
  'start-components': {
    limitMs: componentsLimitMs,
    evidence: 'the next look finds them on',
    undo: 'the engine is stopped and proven, then the lease is given back',
  },
  'open-active': {
    limitMs: noWait,
    evidence: '/active answers 200',
    undo: 'from here on it is Active; a move back is a change of its own',
  },
  'start-pollers': {
    limitMs: componentsLimitMs,
    evidence: 'the next look finds them on',
    undo: 'told, not undone: the cluster is served without them',
  },
  'kill-engine': {
    limitMs: () => 5_000,
    evidence: 'its process group is seen empty',
    undo: 'nothing to undo: it must not run',
  },
  'restart-guards': {
    limitMs: () => 1_500,
    evidence: 'both guards beat',
    undo: 'nothing to undo',
  },
  'rebuild-state': {
    limitMs: noWait,
    evidence: 'the highest epoch known is synced to disk, as one that has ended',
    undo: 'nothing to undo: epochs only grow',
  },
  'adopt-engine': {
    limitMs: storageLimitMs,
    evidence: 'the storage is proven, and the guards’ deadline lies ahead while the engine runs',
    undo: 'nothing to undo: the engine runs on, and it is tried again',
  },
  'begin-failback': {
    limitMs: noWait,
    evidence: 'the change is synced to disk',
    undo: 'as for every planned change: rolled back when the target does not take over',
  },
};
