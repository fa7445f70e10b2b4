import { certificateWords } from './certificate-findings.ts';
import { clusterRole, otherMember, type ClusterRole } from './cluster-role.ts';
import { conflictWords } from './conflict.ts';
import { outsiderCode } from '../failover/rules/rule.ts';
import { askName, conditionsOf } from '../notifications/conditions.ts';
import type { AlarmRef, Finding, Root, Severity } from './finding.ts';
import { memberFindings } from './member-findings.ts';
import { formatSpan } from './age.ts';
import { fenceFindings, readmissionFindings, readmissionRoot } from './readmission-findings.ts';
import { peerModeSight } from './peer-mode.ts';
import { relaySight } from './relay.ts';
import { peerSilentFor, stillHeardByPeer } from './peer-hearing.ts';
import { versionWords } from './version-findings.ts';
import { decisionSentence } from './wording.ts';
import { ageNow, type ClusterSight, type MemberSight } from './sight.ts';

export type { Finding, Root, Severity };

/** Everything that asks for attention in one cluster. The verdict is its worst; the problems list folds it by root. */
export function clusterFindings(sight: ClusterSight): Finding[] {
  const role = clusterRole(sight);
  return [
    ...roleFindings(sight, role, rootCause(sight)),
    ...sight.members.filter((member) => member.silent).map((member) => silentFinding(sight, member)),
    ...sight.members.flatMap((member) => [
      ...fenceFindings(sight, member),
      ...readmissionFindings(sight, member),
    ]),
    ...storeFindings(sight),
    ...pathFindings(sight),
    ...sight.members.flatMap((member) => memberFindings(sight, member, role, rootCause(sight, member))),
    ...balancerFindings(sight, role),
    ...trafficFindings(sight),
    ...versionFindings(sight),
  ];
}

/**
 * What explains the rest: a silent server, a store that nobody reaches, a cut path of `member`.
 * Undefined when nothing does.
 */
function rootCause(sight: ClusterSight, member?: MemberSight): Root | undefined {
  const out = readmissionRoot(sight);
  if (out) return out;
  const silent = sight.members.find((member) => member.silent);
  if (silent) return { kind: 'server', server: silent.server };
  if (storeLostByAll(sight)) return { kind: 'server', server: sight.store.server };
  if (member?.snapshot?.store.reachable === false) return storePath(sight, member);
  const [a, b] = sight.members;
  const cut = sight.members.some((candidate) => candidate.snapshot?.peer.reachable === false);
  return a && b && cut ? { kind: 'path', ends: [a.server, b.server] } : undefined;
}

function storePath(sight: ClusterSight, member: MemberSight): Root {
  return { kind: 'path', ends: [member.server, sight.store.server] };
}

function roleFindings(sight: ClusterSight, role: ClusterRole, cause: Root | undefined): Finding[] {
  const { id } = sight.cluster;
  if (role.kind === 'conflict') {
    const { title, meaning, next } = conflictWords(sight, role);
    return [
      {
        severity: 'danger',
        root: { kind: 'cluster', cluster: id, what: 'conflict' },
        title,
        text: `${meaning} ${next}`,
        ageMs: youngest(role.members),
        runbook: 'conflict',
        alarms: alarmsOf(sight.members, outsiderCode),
      },
    ];
  }
  const moving = sight.cluster.operations.some((operation) => operation.state === 'running');
  if (role.kind === 'none' && !moving) {
    return [
      {
        severity: 'danger',
        root: cause ?? { kind: 'cluster', cluster: id, what: 'none' },
        title: `${id} has no Active`,
        text: noActiveText(sight),
        ageMs: youngest(sight.members),
        runbook: 'no-active',
        alarms: sight.members.flatMap(({ server, snapshot, silent }) =>
          snapshot?.decision.verdict === 'ask-admin' && !silent
            ? [{ server, name: askName(snapshot.decision.ruleId) }]
            : [],
        ),
      },
    ];
  }
  return [];
}

function noActiveText(sight: ClusterSight): string {
  const decided = sight.members.find((member) => member.snapshot !== null);
  const decision = decided?.snapshot?.decision;
  const wait = 'Senders keep their messages and send them again.';
  return decision ? `${decisionSentence(decision)} ${wait}` : wait;
}

function silentFinding(sight: ClusterSight, member: MemberSight): Finding {
  const { id } = sight.cluster;
  const other = otherMember(sight, member);
  const root: Root = { kind: 'server', server: member.server };
  const ageMs = member.heardMs;
  const since = ageMs === null ? 'never heard' : `last heard ${formatSpan(ageMs)} ago`;
  const seenByPeer = stillHeardByPeer(sight, member);
  const elsewhere = clusterRole(sight).kind === 'one';
  const about = { runbook: 'peer-silent', alarms: other ? alarmsOf([other], 'peer') : [] } as const;
  if (!seenByPeer && !elsewhere && (member.role.was === 'active' || member.snapshot === null)) {
    const decision = other && !other.silent ? other.snapshot?.decision : undefined;
    return {
      severity: 'unknown',
      root,
      title: `${id}: ${member.name} does not answer, ${since}`,
      text: decision ? decisionSentence(decision) : 'Who is Active cannot be seen from here.',
      ageMs,
      ...about,
    };
  }
  return {
    severity: other && !other.silent && peerSilentFor(other) !== null ? 'danger' : 'unknown',
    root,
    title: `${id}: ${member.name} does not answer, ${since}`,
    text: seenByPeer
      ? `${other?.name ?? 'The other member'} still hears it; only this console does not.`
      : `Nobody who could take ${id} over is seen if ${other?.name ?? 'the other member'} fails.`,
    ageMs,
    ...about,
  };
}

function storeFindings(sight: ClusterSight): Finding[] {
  const { store } = sight;
  const root: Root = { kind: 'server', server: store.server };
  const peerMode = peerModeSight(sight);
  if (peerMode) {
    const told = peerMode.runner ?? peerMode.promiser;
    return [
      {
        severity: 'danger',
        root,
        title: `${sight.cluster.id}: automatic failover is off in peer mode`,
        text: `${peerMode.sentence} ${peerMode.next}`,
        ageMs: told?.heardMs ?? null,
        runbook: 'peer-mode',
        alarms: [...alarmsOf(sight.members, 'peer-mode'), ...alarmsOf(sight.members, 'store')],
      },
    ];
  }
  if (storeLostByAll(sight)) {
    return [
      {
        severity: 'danger',
        root,
        title: `${sight.cluster.id}: no member reaches ${store.called}`,
        text: `Automatic failover needs it. Check ${store.name}: ${store.lookAt}.`,
        ageMs: youngest(sight.members.filter((member) => !member.silent)),
        runbook: 'store-silent',
        alarms: alarmsOf(sight.members, 'store'),
      },
    ];
  }
  if (!store.silent) {
    const words = certificateWords(store.called, store.snapshot ?? {});
    // One store, whoever's leases it keeps: every cluster tells the same.
    const own: Root = { kind: 'cluster', cluster: store.server, what: 'certificate' };
    return words === null
      ? []
      : [{ ...words, root: own, ageMs: store.heardMs, runbook: 'certificate', alarms: [] }];
  }
  // An etcd is heard through members only: while they are silent, that is told of them.
  if (store.kind === 'etcd') return [];
  return [
    {
      severity: 'warn',
      root,
      title: `${store.name} does not answer this console`,
      text: 'The members still reach the lease store, so failover is not affected.',
      ageMs: store.heardMs,
      runbook: 'console-blind',
      alarms: [],
    },
  ];
}

function pathFindings(sight: ClusterSight): Finding[] {
  const heard = sight.members.filter((member) => !member.silent && member.snapshot !== null);
  const findings: Finding[] = [];
  const cut = heard.find((member) => member.snapshot?.peer.reachable === false);
  const [a, b] = sight.members;
  if (cut && a && b && heard.length === 2) {
    findings.push({
      severity: 'warn',
      root: { kind: 'path', ends: [a.server, b.server] },
      title: `${sight.cluster.id}: ${a.name} and ${b.name} do not hear each other`,
      text: 'Both answer the console, so the network between them is cut. The lease store decides alone; a switchover is slower.',
      ageMs: ageNow(cut, cut.snapshot?.peer.answeredMs ?? null),
      runbook: 'peer-silent',
      alarms: alarmsOf(heard, 'peer'),
    });
  }
  const relay = relaySight(sight);
  if (relay) {
    const { holder, through } = relay;
    findings.push({
      severity: 'warn',
      root: storePath(sight, holder),
      title: `${sight.cluster.id}: ${holder.name} reaches the lease store only through ${through.name}`,
      text: `Its own way has not answered for ${formatSpan(relay.forMs)}. If ${through.name} is lost too, it stops before its lease ends. Check the network between ${holder.name} and ${sight.store.name}.`,
      ageMs: holder.heardMs,
      runbook: 'store-silent',
      alarms: alarmsOf([holder], 'store'),
    });
  }
  if (storeLostByAll(sight) || peerModeSight(sight)) return findings;
  for (const member of heard.filter((candidate) => candidate.snapshot?.store.reachable === false)) {
    findings.push({
      severity: 'danger',
      root: storePath(sight, member),
      title: `${sight.cluster.id}: ${member.name} does not reach the lease store`,
      text:
        member.role.kind === 'active'
          ? `Unless its peer helps, it has to stop when its lease runs out. Check the network between ${member.name} and ${sight.store.name}.`
          : `It cannot take over. Check the network between ${member.name} and ${sight.store.name}.`,
      ageMs: ageNow(member, member.snapshot?.store.answeredMs ?? null),
      runbook: 'store-silent',
      alarms: alarmsOf([member], 'store'),
    });
  }
  return findings;
}

function balancerFindings(sight: ClusterSight, role: ClusterRole): Finding[] {
  const { balancer, id } = sight.cluster;
  if (!balancer?.sendsTo || role.kind !== 'one' || balancer.sendsTo === role.active.server) return [];
  const sendsTo =
    sight.members.find((member) => member.server === balancer.sendsTo)?.name ?? balancer.sendsTo;
  return [
    {
      severity: 'warn',
      root: { kind: 'cluster', cluster: id, what: 'balancer' },
      title: `${id}: the load balancer sends to another server than the Active`,
      text: `It sends to ${sendsTo}, Active is ${role.active.name}. Senders get no answer until it follows /active.`,
      ageMs: balancer.ageMs + sight.elapsedMs,
      runbook: 'balancer',
      alarms: [],
    },
  ];
}

function trafficFindings(sight: ClusterSight): Finding[] {
  const { traffic, id } = sight.cluster;
  if (!traffic || traffic.lost + traffic.outOfOrder === 0) return [];
  return [
    {
      severity: 'danger',
      root: { kind: 'cluster', cluster: id, what: 'traffic' },
      title: `${id}: ${traffic.lost} messages lost, ${traffic.outOfOrder} out of order`,
      text: 'Counted from the numbered messages. Keep the journals of both servers before anything else is changed.',
      ageMs: traffic.ageMs + sight.elapsedMs,
      runbook: 'messages-lost',
      alarms: [],
    },
  ];
}

function versionFindings(sight: ClusterSight): Finding[] {
  const { store } = sight;
  const heard = [...sight.members, store].filter(({ silent }) => !silent);
  const words = versionWords(
    heard.flatMap(({ name, snapshot }) =>
      // An etcd has no version of ours.
      snapshot?.productVersion === undefined ? [] : [{ name, productVersion: snapshot.productVersion }],
    ),
  );
  if (words === null) return [];
  // Clusters on the same servers tell the same: it is shown once.
  const root: Root = { kind: 'cluster', cluster: store.server, what: words.title };
  return [{ ...words, root, ageMs: youngest(sight.members), runbook: 'versions', alarms: [] }];
}

/** The alarm of this name of every member that answers and has it. */
function alarmsOf(members: readonly MemberSight[], name: string): AlarmRef[] {
  return members.flatMap(({ server, snapshot, silent }) =>
    snapshot !== null && !silent && conditionsOf(snapshot).some((one) => one.name === name)
      ? [{ server, name }]
      : [],
  );
}

function storeLostByAll(sight: ClusterSight): boolean {
  const heard = sight.members.filter((member) => !member.silent && member.snapshot !== null);
  return heard.length > 0 && heard.every((member) => member.snapshot?.store.reachable === false);
}

function youngest(members: readonly MemberSight[]): number | null {
  const ages = members.map((member) => member.heardMs).filter((age) => age !== null);
  return ages.length > 0 ? Math.min(...ages) : null;
}
