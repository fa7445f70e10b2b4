import type { ObservedRole } from '../agent-api/member-snapshot.ts';
import type { FailoverState } from '../fleet/automatic-failover.ts';
import type { VerdictKind } from '../fleet/cluster-verdict.ts';

/** A word of state as screens show it. */
export interface StateHelp {
  readonly word: string;
  readonly means: string;
  /** What it means for HL7 messages. */
  readonly meaning: string;
}

const flow = 'Messages flow as before.';
const wait = 'Senders keep their messages and send them again; nothing that was acknowledged is lost.';

/** Of one member. A role without words does not compile. */
export const roleHelp: Readonly<Record<ObservedRole, StateHelp>> = {
  active: {
    word: 'Active',
    means: 'Its engine runs, it holds the lease, and its guards are armed.',
    meaning: 'It processes the messages of the cluster.',
  },
  passive: {
    word: 'Passive',
    means: 'Its engine is stopped and held by the gate. It watches, and takes over when the rules say so.',
    meaning: 'No message goes through it. Messages flow on the Active.',
  },
  'taking-over': {
    word: 'Taking over',
    means: 'It has asked for the lease, proves the storage and starts its engine.',
    meaning: wait,
  },
  stopping: {
    word: 'Stopping',
    means: 'Its engine is being stopped in order, so that the other one can take over.',
    meaning: wait,
  },
  unknown: {
    word: 'Unknown',
    means: 'It does not answer, or its engine cannot be seen. A dead server and a cut network look the same.',
    meaning:
      'Whether it processes messages is not known. The other member and the lease store decide by rule.',
  },
};

/** Of automatic failover of one cluster. */
export const failoverHelp: Readonly<Record<FailoverState, StateHelp>> = {
  on: { word: 'on', means: 'The agents take over by themselves when the Active fails.', meaning: flow },
  off: {
    word: 'off',
    means: 'The agents do not take over by themselves.',
    meaning: `${flow} If the Active fails, ${wait.charAt(0).toLowerCase()}${wait.slice(1)} A person has to act.`,
  },
  blocked: {
    word: 'blocked',
    means: 'A person, or too many failovers within an hour, have stopped it for a while.',
    meaning: `${flow} If the Active fails meanwhile, senders wait for a person.`,
  },
  maintenance: {
    word: 'maintenance',
    means: 'A person works on it. Nothing is started, stopped or moved by itself until it ends.',
    meaning: `${flow} If the Active fails meanwhile, senders wait for a person.`,
  },
  'peer-mode': {
    word: 'peer mode',
    means: 'The lease store is lost. The Active lives on the promise of the Passive not to take over.',
    meaning: `${flow} If the Active fails meanwhile, senders wait for a person.`,
  },
  'not-known': {
    word: 'not known',
    means: 'No member that answers says how it stands.',
    meaning: 'Whether anybody would take over is not known.',
  },
  waiting: {
    word: 'waiting',
    means: 'The old lease has to run out before another member may take over.',
    meaning: wait,
  },
  unprotected: {
    word: 'not protected',
    means: 'It is allowed, and nobody is known who could take over now.',
    meaning: `${flow} If the Active fails now, senders wait until a member is fit again.`,
  },
};

/** Of a whole cluster: can it fail over now? */
export const verdictHelp: Readonly<Record<VerdictKind, StateHelp>> = {
  ready: {
    word: 'Can fail over now',
    means: 'One member is Active, the other one could take over, and nothing speaks against it.',
    meaning: flow,
  },
  caution: {
    word: 'Can fail over, with cautions',
    means: 'A failover works, and something asks to be looked at.',
    meaning: flow,
  },
  cannot: {
    word: 'Cannot fail over',
    means: 'The Passive could not take over now. The reason is named.',
    meaning: `${flow} If the Active fails now, senders wait.`,
  },
  changing: {
    word: 'Changing',
    means: 'A member takes over or stops right now.',
    meaning: wait,
  },
  conflict: {
    word: 'Conflict',
    means: 'Two members look Active, or an engine runs where none may run.',
    meaning: 'Messages could be processed twice and out of order. It comes before everything else.',
  },
  'no-active': {
    word: 'No Active',
    means: 'Every member is heard, and none is Active.',
    meaning: `No message is processed. ${wait}`,
  },
  'no-answer': {
    word: 'No answer',
    means: 'A member does not answer this console. Whether it is dead or cut off cannot be seen from here.',
    meaning: 'If it was Active, senders wait until the other one takes over; else messages flow.',
  },
  'not-known': {
    word: 'Not known',
    means: 'Too little is heard to say who is Active or who could take over.',
    meaning: 'Whether messages flow is not known from here. Agents decide without this console.',
  },
  observing: {
    word: 'Observed only',
    means: 'Agents look and do nothing. No guard protects the engine.',
    meaning: `${flow} When server or engine fails, nobody takes over.`,
  },
  maintenance: {
    word: 'Maintenance',
    means: 'A person works on it. Nothing is started, stopped or moved by itself.',
    meaning: `${flow} If the Active fails meanwhile, senders wait for a person.`,
  },
};
