import type { AlarmKind } from '../notifications/event.ts';
import type { Runbook } from './runbook.ts';

const failoverDoc = 'docs/failover.md';

/** Of everything that agents tell people. */
export const agentRunbooks: Readonly<Record<AlarmKind, Runbook>> = {
  'role-changed': {
    title: 'A member has become Active',
    means:
      'The member named holds the lease with the epoch named and serves. It became Active because the other one gave up, failed or was told to.',
    meaning:
      'This server processes the messages of the cluster now. Senders that were not answered send again; what was acknowledged is in its queues.',
    check: [
      'Who is Active on the page of the cluster, and by which rule.',
      'Whether the load balancer sends to that server.',
      'The line V06 of the verification: each queue goes on where it stood.',
    ],
    now: [
      'Look at the cluster in the console: one Active, one Passive, queues going down.',
      'Open the verification of this move, and sign it when its lines are proven.',
      'Find out why the other server gave up before you move anything back.',
    ],
    avoid: [
      'Do not start the engine of the other server by hand.',
      'Do not move the cluster back before its cause is known.',
    ],
    more: 'docs/verification.md',
  },
  'change-ended': {
    title: 'A planned or forced change has ended',
    means:
      'A person, or a rule that a person has set, had the cluster moved or held. The sentence says how that ended.',
    meaning:
      'A change that did what it should has moved the work in order. One that was rolled back left the work where it was.',
    check: [
      'The steps of the change with their evidence, in the timeline.',
      'That one member is Active now.',
    ],
    now: [
      'Read the sentence: it says whether the change was done or undone.',
      'When it was undone, remove the reason first, then ask for the change again.',
    ],
    avoid: ['Do not ask for the same change again while its outcome is not known.'],
    more: failoverDoc,
  },
  'second-person': {
    title: 'A change waits for a second person',
    means:
      'Somebody has asked for a planned change of a cluster whose planned changes need two persons. It waits for 15 minutes.',
    meaning:
      'Messages flow as before, and automatic failover goes on as always. Nothing is changed until another person agrees.',
    check: [
      'Who has asked, what for, and the reason.',
      'The plan and what stands in its way, on the page of the request.',
    ],
    now: [
      'Speak to whoever has asked, when the reason does not say enough.',
      'Agree, and it is judged anew and begun at once. Or decline, with a reason.',
      'Let it be, and it ends by itself: after its time, or when the cluster moves.',
    ],
    avoid: [
      'Do not agree under a second name to what you have asked for yourself.',
      'Do not wait for it in an emergency: automatic failover and a failover by hand need nobody else.',
    ],
    more: 'docs/second-person.md',
  },
  'schedule-skipped': {
    title: 'A scheduled move was not made',
    means:
      'The window of a move that somebody has scheduled is over, or the cluster has moved meanwhile. The sentence says what stood in its way.',
    meaning: 'Messages flow as before: nothing was moved, and nothing will be moved later by itself.',
    check: [
      'The sentence: what it waited for until the end of its window.',
      'Whether the work that the move was for, such as a patch, begins anyway.',
    ],
    now: [
      'Tell whoever counts on the move that the cluster is where it was.',
      'Clear what stood in its way, then schedule the move anew or make it now.',
    ],
    avoid: ['Do not switch the server off for its patch: it still carries the cluster.'],
    more: 'docs/scheduling.md',
  },
  'failover-blocked': {
    title: 'Automatic failover is blocked or off',
    means:
      'The agents do not take over by themselves: too many failovers within an hour have blocked it, or a person has.',
    meaning:
      'Messages flow as before. If the Active fails now, nobody takes over by itself and senders have to wait for a person.',
    check: [
      'The reason, who blocked it and until when.',
      'What the failovers before had in common, in the timeline.',
    ],
    now: [
      'Read the reason. After too many failovers within an hour the cause is still there: find it first.',
      'When the cause is gone, allow automatic failover again on the page of the cluster.',
    ],
    avoid: [
      'Do not allow it again only to make the alarm go: the next failover may interrupt messages once more.',
      'Do not switch the Passive off.',
    ],
    more: failoverDoc,
  },
  'peer-mode': {
    title: 'The lease store is lost: peer mode',
    means:
      'No member reaches the lease store. The Active lives on the promise of the Passive that it will not take over.',
    meaning: 'Messages flow as before. Automatic failover is off until the lease store answers again.',
    check: [
      'Whether the lease store runs, and which member reaches it.',
      'Whether both members hear each other: the promise is renewed there.',
    ],
    now: [
      'Bring the lease store back: start it, or mend the network to it.',
      'Do not switch the Passive off meanwhile: the Active lives on its promise.',
      'If the store is gone for good, replace it from the console.',
    ],
    avoid: [
      'Do not restart or switch off the Passive.',
      'Do not replace the lease store while the old one may come back by itself.',
    ],
    more: failoverDoc,
  },
  maintenance: {
    title: 'Maintenance of a cluster',
    means:
      'A person has taken the cluster out of automatic failover for a while. The lease is kept, guards stay armed.',
    meaning: 'Messages flow as before. Nobody starts, stops or moves engines by itself until it ends.',
    check: ['Who asked for it, why and until when.'],
    now: ['Do the work. End the maintenance when it is done; at its time it ends by itself.'],
    avoid: [
      'Do not leave the cluster in maintenance over night: a server that fails then is taken over by nobody.',
    ],
    more: failoverDoc,
  },
  'ask-person': {
    title: 'The agents wait for a person',
    means: 'The rules have reached a state in which a wrong guess could make two engines. They stop and ask.',
    meaning: 'Without a decision of a person nothing more is done. Senders may be waiting.',
    check: [
      'The rule and the facts below Why on the page of the cluster.',
      'The other server with your own eyes or its console: is its engine stopped?',
    ],
    now: [
      'Open the cluster: the sentence with its rule says what is not known.',
      'Find out what the agents cannot see, above all whether the other engine really is stopped.',
      'Only then choose an operation; the console lists what speaks against it.',
    ],
    avoid: [
      'Do not force a takeover to find out what happens.',
      'Do not start an engine outside its service.',
    ],
    more: failoverDoc,
  },
  conflict: {
    title: 'An engine runs outside its service',
    means: 'An engine of this cluster was started past its service, so neither gate nor guards can end it.',
    meaning:
      'Two engines may process messages of the same cluster: messages can be sent twice and out of order.',
    check: [
      'Which process it is, who started it and since when.',
      'Which server the load balancer sends to.',
    ],
    now: [
      'Stop the engine that was started by hand or by another program, at once.',
      'Compare the queues of both servers before messages are sent again.',
    ],
    avoid: [
      'Do not stop the engine that the lease names.',
      'Do not delete queues or logs of either side: they are needed to compare.',
    ],
    more: failoverDoc,
  },
  'not-ready': {
    title: 'The Passive could not take over',
    means: 'Something on this member would keep it from taking over, or make a takeover unsafe. It is named.',
    meaning: 'Messages flow as before. If the Active fails now, this member does not take over.',
    check: ['The reason and the remedy in the message.', 'The checks of this member on the page Readiness.'],
    now: [
      'Do what the message says for this reason.',
      'Look whether the verdict of the cluster is fine again.',
    ],
    avoid: ['Do not switch over to this member.', 'Do not take the Active off before this is mended.'],
    more: 'docs/readiness.md',
  },
  'store-silent': {
    title: 'A member does not reach the lease store',
    means: 'The member does not get an answer from the lease store in time.',
    meaning:
      'Messages flow as before while the other member helps. If the way to both is lost, the Active stops before its lease ends.',
    check: [
      'Whether the other member reaches it.',
      'The network and the firewall from this server to the lease store, and its disk.',
    ],
    now: [
      'Look whether the other member reaches the lease store: then it is this way that is broken.',
      'Check network and firewall between this server and the lease store, and that the store runs.',
    ],
    avoid: [
      'Do not restart agents: a restart needs the lease store.',
      'Do not put an empty store in its place while the old one can be brought back.',
    ],
    more: failoverDoc,
  },
  'peer-silent': {
    title: 'The other member does not answer',
    means:
      'The member does not hear the other one. Whether that one is dead or only cut off cannot be seen from here.',
    meaning:
      'If the silent one was Active, the cluster fails over once its lease has run out; senders wait until then. If it was Passive, messages flow and nobody could take over.',
    check: [
      'Whether the other server is on, by its own console or power supply.',
      'Whether the lease store still hears it.',
    ],
    now: [
      'Look who is Active now.',
      'Look at the silent server: power, network, its agent (systemctl status ixha-agent@CLUSTER).',
      'From outside a dead server and a cut network look the same: do not force anything before you know.',
    ],
    avoid: [
      'Do not state that a server is off unless you have seen that it is.',
      'Do not start its engine elsewhere.',
    ],
    more: failoverDoc,
  },
  guards: {
    title: 'Guards of a member do not beat',
    means:
      'Guards are two small programs that stop an engine whose agent does not prove its lease. One or both give no sign.',
    meaning:
      'Messages flow as before. If the agent froze now, fewer guards, or none, would stop its engine in time.',
    check: [
      'systemctl status ixha-guard-1@CLUSTER and ixha-guard-2@CLUSTER.',
      'Load and memory of that server.',
    ],
    now: [
      'Wait a minute: the agent restarts its guards.',
      'If it stays, look at ixha-guard-1@CLUSTER and ixha-guard-2@CLUSTER on that server.',
    ],
    avoid: ['Do not stop the other guard.', 'Do not disable their units to silence the alarm.'],
    more: failoverDoc,
  },
  'guard-killed': {
    title: 'A guard has killed an engine',
    means: 'The deadline in the guard file passed without a new proof, so the guard ended the engine.',
    meaning:
      'The agent did not prove its lease in time, so the engine was stopped. What it had acknowledged is in its queues; senders wait for the next Active.',
    check: [
      'The journal of the cluster around that time.',
      'Load, disk and suspended machines on that server: journalctl -u ixha-agent@CLUSTER.',
    ],
    now: [
      'Look who is Active now.',
      'Find out why the agent was late: a frozen machine, a full disk, no processor time.',
    ],
    avoid: ['Do not start the engine by hand: the gate lets it start once its member has the lease.'],
    more: failoverDoc,
  },
  'agent-dies': {
    title: 'An agent dies again and again',
    means: 'The agent was started again by the system each time, and ended again soon after.',
    meaning:
      'The engine goes on. While its agent is away nothing is decided there, and its lease may run out.',
    check: [
      'Its last lines: journalctl -u ixha-agent@CLUSTER.',
      'Space and errors of the disk with /var/lib/ixha.',
    ],
    now: [
      'Read why: journalctl -u ixha-agent@CLUSTER on that server.',
      'Make a support bundle, and move the cluster away if this member is Active.',
    ],
    avoid: [
      'Do not delete its state folder: its epoch is in there.',
      'Do not restart it again and again by hand.',
    ],
    more: 'docs/installation.md',
  },
  storage: {
    title: 'The storage is not proven',
    means:
      'The directory with queues and logs does not answer, is another one than that of this cluster, or somebody writes into it who must not.',
    meaning:
      'The queues of the cluster cannot be proven to be at hand: a takeover waits for that, since it could lose messages.',
    check: [
      'mount, space and permissions of the directory on both servers.',
      'The mark of the directory: the message names what was found.',
      'Whether the other member has cut this server off from it when it took over: problems and ixha status say so.',
      'Where the agents mount it on the Active only: ixha status names the unit, systemctl status UNIT says what became of it.',
    ],
    now: [
      'Look whether the directory is mounted, and whether it is the one of this cluster.',
      'Look at space and permissions, and at the server that keeps it.',
    ],
    avoid: [
      'Do not start the engine with an empty directory: it would begin with empty queues.',
      'Do not unmount it from the Active, and nowhere by force or lazily: writers would stay that nobody sees.',
    ],
    more: failoverDoc,
  },
  copy: {
    title: 'The copied directory lags',
    means:
      'The Active copies its directory to the Passive every few seconds. A copy has failed or is older than the site allows.',
    meaning: 'Whatever was written after the last complete copy is lost if the server of the Active is.',
    check: [
      'Age and failure of the last copy on the page of the cluster.',
      'Network, SSH and space of the receiving server.',
    ],
    now: [
      'Look at disk and network of both members.',
      'Read what the last attempt said: it names what to mend.',
    ],
    avoid: [
      'Do not switch over while the copy lags, unless losing what is not copied is accepted.',
      'Do not copy into that directory yourself.',
    ],
    more: 'docs/copied-storage.md',
  },
  certificate: {
    title: 'A certificate ends soon',
    means:
      'The certificate by which an agent proves itself ends soon or has ended, or its server has a wrong clock.',
    meaning:
      'Messages flow as before. After its end members and lease store do not trust each other, and nobody takes over.',
    check: ['The clock of that server against another one.', 'The days left on the page Servers.'],
    now: ['Renew the certificates: npm run site -- renew FILE, or on the page Servers.'],
    avoid: [
      'Do not set clocks back to make a certificate valid.',
      'Do not copy certificates from one server to another.',
    ],
    more: 'docs/installation.md',
  },
  'engine-trouble': {
    title: 'Trouble with the engine',
    means:
      'The engine runs, and something about it is wrong: components in error, an API that does not answer, a licence, safe mode.',
    meaning: 'Messages of the components concerned may wait. Nothing that was acknowledged is lost.',
    check: ['The sentence: it names the trouble.', 'Components and queues on the page of the cluster.'],
    now: [
      'Open the engine and look at its log and its components.',
      'Move the cluster only where the message says that this helps.',
    ],
    avoid: [
      'Do not restart the engine of an Active without maintenance: its agent would take it for a crash.',
      'Do not move the cluster for a trouble that moves with it, such as a licence.',
    ],
    more: failoverDoc,
  },
  alarm: {
    title: 'An agent has noted an alarm',
    means: 'An agent has written down something that a person should see.',
    meaning: 'Its sentence says what. Whether messages are concerned is seen at the cluster.',
    check: ['The sentence and its rule.', 'What was before and after it in the journal.'],
    now: ['Read the sentence, then the journal of the cluster around that time.', 'Look at the cluster.'],
    avoid: ['Do not act on the sentence alone when it does not say what to do.'],
    more: failoverDoc,
  },
  'all-well': {
    title: 'The regular message that somebody watches',
    means: 'It is sent regularly, so that its absence says something.',
    meaning: 'The agents watch and can reach you. When it stays away, look: silence is no good sign.',
    check: ['When it last came, when it stays away.'],
    now: ['Do nothing while it comes and says that all is well.'],
    avoid: ['Do not filter it away: without it silence and health look the same.'],
    more: 'docs/notifications.md',
  },
  test: {
    title: 'A test message',
    means: 'A person has pressed Test, or used notify-test.',
    meaning: 'Somebody has tried whether messages arrive. Nothing has happened to messages or servers.',
    check: ['Whether it arrived from every agent.'],
    now: ['Do nothing. Tell whoever tests that it has arrived.'],
    avoid: ['Do not take it for an alarm.'],
    more: 'docs/notifications.md',
  },
};
