import { agentRunbooks } from './agent-runbooks.ts';
import type { ConsoleProblem, Runbook, RunbookId } from './runbook.ts';

const failoverDoc = 'docs/failover.md';

/** Of what only a console sees. */
const consoleRunbooks: Readonly<Record<ConsoleProblem, Runbook>> = {
  'no-active': {
    title: 'A cluster has no Active',
    means: 'No member of the cluster serves now, and none is seen to take over at this moment.',
    meaning:
      'No message of this cluster is processed. Senders keep theirs and send them again; nothing that was acknowledged is lost.',
    check: [
      'The sentence below it: it says what the agents wait for, and for how long.',
      'Whether both servers and the lease store answer.',
    ],
    now: [
      'Wait for the time that the sentence names: a takeover waits until the old lease has run out.',
      'Mend what it names, such as a storage that is not proven.',
      'Only if nothing moves any more and the other server is off for certain, force a takeover.',
    ],
    avoid: ['Do not start an engine by hand: two could run.', 'Do not restart both agents at once.'],
    more: failoverDoc,
  },
  'console-blind': {
    title: 'The lease store does not answer this console',
    means: 'The members reach the lease store; only this workstation does not.',
    meaning: 'Messages flow as before and a failover works as before.',
    check: ['The network and the firewall between this workstation and the lease store.'],
    now: ['Let this workstation reach the port of the lease store, or look from another workstation.'],
    avoid: ['Do not restart the lease store for it.'],
    more: 'docs/installation.md',
  },
  balancer: {
    title: 'The load balancer sends to another server than the Active',
    means: 'It has not followed the last change of the Active, or somebody has set it by hand.',
    meaning: 'Senders get no answer and keep their messages until it follows.',
    check: [
      'What /active of each member answers, from the balancer: one says 200.',
      'Its check interval, and whether a person has pinned a server.',
    ],
    now: [
      'Have it check /active of both members again.',
      'Cut sessions that are still open to the other server.',
    ],
    avoid: ['Do not move the cluster to where the balancer sends.'],
    more: 'docs/installation.md',
  },
  'messages-lost': {
    title: 'Numbered messages are missing or out of order',
    means: 'Numbered messages of the demo or of a drill did not arrive, or not in their order.',
    meaning:
      'What was counted is lost or was processed in a wrong order. Real messages may be concerned as well.',
    check: [
      'When it began, beside the timeline of the cluster.',
      'The ledger of the queues before and after the last move.',
    ],
    now: [
      'Keep the journals and logs of both servers.',
      'Make a support bundle.',
      'Ask the senders to send again from the last message that was processed for certain.',
    ],
    avoid: ['Do not clear queues or logs.', 'Do not move the cluster once more before the logs are safe.'],
    more: 'docs/verification.md',
  },
  queues: {
    title: 'Queues did not go on where they stood',
    means: 'After a move a queue begins later than it stood before, or holds fewer messages.',
    meaning:
      'Messages of that queue may have been passed over. Which ones the comparison names as far as it is seen.',
    check: ['Components and queues of the cluster: before and after, queue by queue.'],
    now: [
      'Compare the queue with what the receiver has.',
      'Send again what is missing, in order, when you know what that is.',
    ],
    avoid: ['Do not send everything again: receivers would get messages twice.'],
    more: 'docs/verification.md',
  },
  versions: {
    title: 'Agents of different versions',
    means: 'An upgrade was not finished, or a server was away during it.',
    meaning: 'Messages flow as before, and a failover is possible between these versions.',
    check: ['Which server has which version, on the page Servers.'],
    now: ['Finish the upgrade: on the page Servers, or npm run site -- upgrade FILE.'],
    avoid: ['Do not copy programs by hand.'],
    more: 'docs/installation.md',
  },
  observing: {
    title: 'A cluster is only observed',
    means: 'Agents look and tell what they would do, and do nothing. The engine runs without guards.',
    meaning: 'Messages flow as before. When the server or the engine fails, nobody takes over.',
    check: ['What still speaks against arming, on the page Servers.'],
    now: ['Mend what speaks against it, then arm the site.'],
    avoid: ['Do not count on a failover before the site is armed.'],
    more: 'docs/adoption.md',
  },
  'left-out': {
    title: 'A member takes no part until it is re-admitted',
    means:
      'After a forced takeover, or with the state of another machine, a member is kept out until a person takes it back.',
    meaning: 'Messages flow on the other member. If that one fails too, nobody takes over.',
    check: [
      'That its engine is stopped and the lease store hears the other member.',
      'What differs between the two, in the verification.',
    ],
    now: ['Bring the server back, without its engine.', 'Re-admit it on the page of the cluster.'],
    avoid: ['Do not start its engine before it is re-admitted: its queues are older.'],
    more: failoverDoc,
  },
  'proof-violated': {
    title: 'The proof of a move is violated',
    means:
      'After a move something was seen that speaks against it, such as a queue that stepped back or a balancer that sends elsewhere.',
    meaning:
      'The line says what: from messages that may be missing or sent again, to a Passive that could not take over now. Messages go to the member that is shown Active.',
    check: [
      'Each violated line with its signs: who says what.',
      'Whether it still stands: check again, which makes another look beside the first.',
    ],
    now: [
      'Begin with the lines V05 to V09: they are about messages.',
      'Mend what a line names, then check again until it holds.',
      'What has happened, such as two engines at the same time, no look can mend: write down what was done about it and sign the proof as it is.',
    ],
    avoid: [
      'Do not sign before whoever owns the messages knows what the lines say.',
      'Do not move the cluster once more before the logs are safe.',
    ],
    more: 'docs/verification.md',
  },
  'drill-due': {
    title: 'A drill is due',
    means: 'The last drill of this kind that passed is older than the plan wants, or none was ever passed.',
    meaning: 'Messages flow as before. Whether a failover works as planned is not shown by anything newer.',
    check: ['The plan on the page Drills: which cluster, which drill, how often.'],
    now: [
      'Choose a quiet hour and tell the owners of the interfaces.',
      'Make the drill on the page Drills, or with npm run site -- drill FILE.',
      'Keep its certificate where auditors look for it.',
    ],
    avoid: ['Do not make it while the cluster cannot fail over: clear the problems first.'],
    more: 'docs/drills.md',
  },
};

/** Of every alarm and every problem. */
export const runbooks: Readonly<Record<RunbookId, Runbook>> = { ...agentRunbooks, ...consoleRunbooks };
