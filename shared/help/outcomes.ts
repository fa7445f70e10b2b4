/**
 * What the words of evidence, changes, drills and checks mean. Each list is keyed by the enumeration that screens and
 * agents use: one without words does not compile.
 */
import type { OperationRecord } from '../agent-api/operation-record.ts';
import type { DrillRecord } from '../drills/drill-record.ts';
import type { Proof } from '../fleet/queue-book.ts';
import type { ReadinessVerdict } from '../readiness/check.ts';
import type { StateHelp } from './states.ts';

const wait = 'Senders keep their messages and send them again; nothing that was acknowledged is lost.';

/** Of one line of a recovery verification. */
export const proofHelp: Readonly<Record<Proof, StateHelp>> = {
  proven: {
    word: 'PROVEN',
    means: 'Both sides of the move, or somebody from outside, have shown it by numbers or by what was seen.',
    meaning: 'What the line says holds for your messages: nothing has to be done about it.',
  },
  consistent: {
    word: 'CONSISTENT',
    means: 'Everything that was seen fits, but part of what would prove it was not there to see.',
    meaning: 'Nothing speaks for a lost or doubled message; look at the line and say whether it is enough.',
  },
  unknown: {
    word: 'UNKNOWN',
    means: 'What would tell it was not seen. It is neither good nor bad, and never counts as good.',
    meaning:
      'Whether messages were lost, doubled or put out of order there is not known. Check again, or look.',
  },
  violated: {
    word: 'VIOLATED',
    means: 'Something was seen that contradicts the line.',
    meaning:
      'Messages may be lost, doubled or out of order there. Look into it before the cluster moves again.',
  },
};

/** Of a change such as a switchover. */
export const operationHelp: Readonly<Record<OperationRecord['state'], StateHelp>> = {
  running: {
    word: 'Running',
    means: 'The agents carry out its steps. It goes on when this window is closed.',
    meaning: `While no member is Active the steps say so: ${wait.charAt(0).toLowerCase()}${wait.slice(1)}`,
  },
  done: {
    word: 'Done',
    means: 'All of its steps have ended well.',
    meaning:
      'Messages flow on the Active that it names. The recovery verification shows what is proven of it.',
  },
  'rolled-back': {
    word: 'Rolled back',
    means: 'A step did not end well, and the agents went back: the old Active is Active again.',
    meaning:
      'Messages flow where they flowed before, after a pause in which senders waited. Nothing that was acknowledged is lost.',
  },
  failed: {
    word: 'Not finished',
    means: 'A step did not end well, and going back was not possible or not right.',
    meaning: `Perhaps nobody is Active. ${wait} Look at the cluster: its verdict says what to do.`,
  },
  unknown: {
    word: 'Outcome unknown',
    means: 'The member that would know how it ended is silent. It is still watched; nothing is assumed.',
    meaning:
      'Whether messages flow is told by who is Active, not by this. Do not order the change again before that is known.',
  },
};

/** How a drill ended. */
export const drillHelp: Readonly<Record<NonNullable<DrillRecord['verdict']>, StateHelp>> = {
  passed: {
    word: 'Passed',
    means: 'Everything that decides it happened as was said before.',
    meaning: 'In a real fault of this kind messages are kept as this drill has shown.',
  },
  'not-passed': {
    word: 'Not passed',
    means: 'Something that decides it did not happen as was said before. Its line is named.',
    meaning:
      'In a real fault of this kind senders could wait longer than agreed, or messages be lost. Mend it and rehearse again.',
  },
  'not-known': {
    word: 'Not known',
    means: 'It ran to its end, and what decides it could not be seen.',
    meaning: 'What would happen to messages in such a fault is as little known as before the drill.',
  },
  interrupted: {
    word: 'Interrupted',
    means: 'It did not run to its end: a person, the console or the cluster stopped it.',
    meaning:
      'It says nothing of such a fault. Whether messages flow now is told by the verdict of the cluster.',
  },
};

/** Of one check of readiness. */
export const readinessHelp: Readonly<Record<ReadinessVerdict, StateHelp>> = {
  ok: {
    word: 'Met',
    means: 'It was seen, or a person has said so, and that is not too old.',
    meaning: 'What a failover needs of it is there: senders wait no longer than computed.',
  },
  warning: {
    word: 'To look at',
    means: 'It works, and something of it should be looked at.',
    meaning: 'Messages flow, and a failover works. Left alone it may not stay so.',
  },
  failed: {
    word: 'Failed',
    means: 'What is needed is not there. What to do about it is said beside it.',
    meaning:
      'Messages flow now. When the Active fails, senders may wait for a person, or what it protects may not hold.',
  },
  unknown: {
    word: 'Unknown',
    means: 'It could not be seen, or nobody has answered. It counts as not ready.',
    meaning: 'Messages flow now. Whether this would hold when the Active fails is not known.',
  },
  'not-applicable': {
    word: 'Does not apply',
    means: 'This site has nothing to check there.',
    meaning: 'It changes nothing for messages.',
  },
};
