import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import { formatSeconds, formatSpan } from './age.ts';
import { clusterRole, runsOutside } from './cluster-role.ts';
import { storeSeesRenewals } from './lease-sight.ts';
import { hasPromised, livesOnPromise } from './peer-mode.ts';
import { relaySight } from './relay.ts';
import { peerSilentFor } from './peer-hearing.ts';
import { roleWords } from './member-role.ts';
import { ageNow, leftNow, type ClusterSight, type MemberSight } from './sight.ts';

/** What one observer says about one subject, with its age. `silent`: said long ago · `unknown`: should
 * know and does not · `blind`: cannot see it by its nature. */
export interface Statement {
  readonly text: string;
  readonly tone: 'plain' | 'warn' | 'silent' | 'unknown' | 'blind';
}

export interface ObserverRow {
  readonly observer: string;
  readonly part: string;
  /** One per member of the cluster, in its order. */
  readonly members: readonly Statement[];
  readonly lease: Statement;
  readonly messages: Statement;
  readonly ageMs: number | null;
  readonly silent: boolean;
}

/** Who says what about a cluster: observers as rows, subjects as columns. */
export function observerRows(sight: ClusterSight): ObserverRow[] {
  const balancer = balancerRow(sight);
  return [
    ...sight.members.map((member) => memberRow(sight, member)),
    storeRow(sight),
    ...(balancer ? [balancer] : []),
  ];
}

/** True when the matrix is worth its place: somebody is silent, two look Active, or a path is cut. */
export function observersDisagree(sight: ClusterSight): boolean {
  const role = clusterRole(sight);
  if (role.kind === 'conflict' || role.kind === 'not-known') return true;
  const heard = sight.members.filter((member) => !member.silent);
  return (
    sight.store.silent ||
    heard.length < sight.members.length ||
    heard.some(
      (member) => member.snapshot?.peer.reachable === false || member.snapshot?.store.reachable === false,
    )
  );
}

function memberRow(sight: ClusterSight, member: MemberSight): ObserverRow {
  const { snapshot } = member;
  const row = { observer: member.name, part: '', ageMs: member.heardMs, silent: member.silent };
  if (!snapshot) {
    const never: Statement = { text: 'never heard', tone: 'unknown' };
    return { ...row, members: sight.members.map(() => never), lease: never, messages: never };
  }
  const tone = member.silent ? 'silent' : 'plain';
  return {
    ...row,
    members: sight.members.map((subject) =>
      subject.server === member.server ? ofItself(member, tone) : ofPeer(member, tone),
    ),
    lease: { text: leaseWords(sight, member), tone },
    messages: messageWords(snapshot.engine, tone),
  };
}

function messageWords(engine: MemberSnapshot['engine'], tone: 'plain' | 'silent'): Statement {
  const rate = engine.messagesPerSecond;
  if (rate.value !== null) return { text: `${rate.value.toFixed(1)}/s`, tone };
  if (engine.process.value === 'stopped') return { text: 'none, its engine is stopped', tone };
  return { text: rate.why ?? 'not known', tone: 'unknown' };
}

function ofItself(member: MemberSight, tone: 'plain' | 'silent'): Statement {
  const { role, engine } = member.snapshot!;
  if (tone === 'plain' && runsOutside(member)) {
    return { text: `${roleWords[role.observed]}, an engine outside its service`, tone: 'warn' };
  }
  const process = engine.process.value;
  return { text: `${roleWords[role.observed]}, engine ${process ?? 'not known'}`, tone };
}

function ofPeer(member: MemberSight, tone: 'plain' | 'silent'): Statement {
  const { peer } = member.snapshot!;
  const silentFor = peerSilentFor(member);
  if (silentFor !== null && tone === 'plain') {
    const since = Number.isFinite(silentFor) ? ` for ${formatSpan(silentFor)}` : '';
    return { text: `no answer${since}`, tone: 'unknown' };
  }
  return { text: peer.role === null ? 'answers' : roleWords[peer.role], tone };
}

function leaseWords(sight: ClusterSight, member: MemberSight): string {
  const { lease } = member.snapshot!;
  const peer = nameOf(sight, sight.members.find((other) => other !== member)?.server ?? null);
  if (livesOnPromise(member)) return `none, promise of ${peer}, epoch ${lease.epoch}`;
  const word = member.snapshot?.forced?.livesOn;
  if (word) return `none, forced by ${word.by}, epoch ${lease.epoch}`;
  if (hasPromised(member)) return `promised ${peer} to take none, epoch ${lease.epoch}`;
  const through = relaySight(sight)?.holder === member ? `, renewed through ${peer}` : '';
  if (lease.state === 'held') return `ours, epoch ${lease.epoch}${through}`;
  if (lease.state === 'unknown') return `store does not answer, knows epoch ${lease.epoch}`;
  if (lease.state === 'free') return `free, epoch ${lease.epoch}`;
  return `${nameOf(sight, lease.holder)}, epoch ${lease.epoch}`;
}

function storeRow(sight: ClusterSight): ObserverRow {
  const { store, cluster } = sight;
  const row = { observer: store.name, part: 'lease store', ageMs: store.heardMs, silent: store.silent };
  const lease = store.snapshot?.leases.find((candidate) => candidate.cluster === cluster.id);
  const tone = store.silent ? 'silent' : 'plain';
  const none: Statement = { text: 'does not see messages', tone: 'blind' };
  if (!lease) {
    const never: Statement = { text: store.snapshot ? 'knows no lease' : 'never heard', tone: 'unknown' };
    return { ...row, members: sight.members.map(() => never), lease: never, messages: none };
  }
  const left = formatSeconds(leftNow(store, lease.freeInMs) ?? 0);
  return {
    ...row,
    members: sight.members.map((member): Statement => {
      if (lease.holder !== member.server) return { text: 'holds no lease', tone };
      const renewed = ageNow(store, lease.renewedMs);
      const late = !storeSeesRenewals(sight, member);
      const text = renewed === null ? 'holds it, renewal not known' : `renewed ${formatSpan(renewed)} ago`;
      return { text, tone: late && tone === 'plain' ? 'unknown' : tone };
    }),
    lease: {
      text:
        lease.holder === null
          ? `free, epoch ${lease.epoch}`
          : `${nameOf(sight, lease.holder)}, epoch ${lease.epoch}, ${left} s left`,
      tone,
    },
    messages: none,
  };
}

function balancerRow(sight: ClusterSight): ObserverRow | undefined {
  const { balancer } = sight.cluster;
  if (!balancer) return undefined;
  return {
    observer: 'load balancer',
    part: '',
    members: sight.members.map((member): Statement => {
      const answer = balancer.answers.find((candidate) => candidate.server === member.server);
      if (!answer || answer.status === null) return { text: 'no answer on /active', tone: 'unknown' };
      return { text: `/active ${answer.status}`, tone: 'plain' };
    }),
    lease: { text: 'does not know leases', tone: 'blind' },
    messages: {
      text: balancer.sendsTo ? `sends to ${nameOf(sight, balancer.sendsTo)}` : 'sends to nobody',
      tone: balancer.sendsTo ? 'plain' : 'warn',
    },
    ageMs: balancer.ageMs + sight.elapsedMs,
    silent: false,
  };
}

function nameOf(sight: ClusterSight, server: string | null): string {
  return sight.members.find((member) => member.server === server)?.name ?? server ?? 'nobody';
}
