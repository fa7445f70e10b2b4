/**
 * What the words of leases, decisions and storage mean. Each list is keyed by the enumeration of the agents' snapshots:
 * one without words does not compile.
 */
import type { CopyFacts, CutFacts, MemberSnapshot, Verdict } from '../agent-api/member-snapshot.ts';
import type { StateHelp } from './states.ts';

const flow = 'Messages flow as before.';
const wait = 'Senders keep their messages and send them again; nothing that was acknowledged is lost.';

/** Of the lease, as one member knows it. */
export const leaseHelp: Readonly<Record<MemberSnapshot['lease']['state'], StateHelp>> = {
  held: {
    word: 'Held',
    means: 'The lease is this member’s own, and it has renewed it in time.',
    meaning: 'This member may process messages, and it alone.',
  },
  other: {
    word: 'Held by the other member',
    means: 'The lease store names the other member as its holder.',
    meaning: 'No message goes through this member. Messages flow on the holder.',
  },
  free: {
    word: 'Free',
    means: 'Nobody holds the lease. A member that is fit asks for it.',
    meaning: `No message is processed. ${wait}`,
  },
  unknown: {
    word: 'Not known',
    means: 'The lease store does not answer this member.',
    meaning:
      'This member does not become Active by itself. Messages flow where they flowed, for as long as the Active can prove that it may go on.',
  },
};

/** Of what the rules of a member decide now. */
export const decisionHelp: Readonly<Record<Verdict, StateHelp>> = {
  act: {
    word: 'Acts',
    means: 'The rule that matches has something to do, and the agent does it.',
    meaning: 'The rule says what it means: as a rule senders wait until the step is done.',
  },
  wait: {
    word: 'Waits',
    means: 'There is nothing to do now, or a time has to pass first.',
    meaning: 'Messages flow where a member is Active. Where none is, senders wait with it.',
  },
  'ask-admin': {
    word: 'Waits for a person',
    means: 'Going on by itself could put messages at risk: a person must decide.',
    meaning: `Where nobody is Active nothing is processed until then. ${wait}`,
  },
  blocked: {
    word: 'Blocked',
    means: 'What the member would do is not allowed now. The reason is named.',
    meaning: `${flow} If the Active fails meanwhile, senders wait for a person.`,
  },
};

/** Of the directory of a cluster on one member. */
export const storageHelp = {
  proven: {
    word: 'Proven',
    means: 'The right directory is there, and this member can use it as its role asks.',
    meaning: 'Queues and logs are where the engine finds them after a move.',
  },
  'not-mounted': {
    word: 'Not mounted, as it should be',
    means: 'The agents mount the directory on the Active only. It is mounted and proven at a takeover.',
    meaning: 'Nothing is written there by this member. A takeover waits for the mount.',
  },
  'not-proven': {
    word: 'Not proven',
    means: 'The directory is missing, is another one, or cannot be used. The reason is named.',
    meaning: `This member cannot take over with it: that would be other queues. ${flow} If the Active fails, senders wait.`,
  },
} as const satisfies Readonly<Record<string, StateHelp>>;

/** Of a copied directory: what would be lost if its Passive took over now. */
export const copyHelp: Readonly<Record<NonNullable<CopyFacts['loss']>['kind'], StateHelp>> = {
  none: {
    word: 'Complete',
    means: 'The Passive has everything that the Active had when it ended.',
    meaning: 'After a takeover work goes on at the right message; nothing is lost.',
  },
  lag: {
    word: 'Behind',
    means: 'The Passive has everything up to the last copy, and not what came after it.',
    meaning:
      'After a takeover now, messages that were acknowledged since the last copy are missing, and some are processed once more. How old it is, is told.',
  },
  unknown: {
    word: 'Not known',
    means: 'How far the copy of the Passive goes is not known. The reason is named.',
    meaning: 'What would be lost at a takeover is not known. A person decides whether it is taken.',
  },
};

/** Of the other server, where a program cuts it off from the storage. */
export const cutHelp: Readonly<Record<NonNullable<CutFacts['other']>['outcome'], StateHelp>> = {
  'under-way': {
    word: 'Being cut off',
    means: 'The program that takes the storage from the other server runs.',
    meaning: `The takeover waits for it, for a limited time. ${wait}`,
  },
  cut: {
    word: 'Cut off',
    means: 'The storage itself refuses the other server.',
    meaning: 'Whatever still runs on the other server can write no message there.',
  },
  'not-cut': {
    word: 'Not cut off',
    means: 'The program could not do it. The takeover has gone on by its other proofs.',
    meaning:
      'Messages flow on the new Active. That the old one writes nothing rests on its guards and on the lease alone.',
  },
};
