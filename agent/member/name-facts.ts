import { notMountedWords } from '../../shared/storage/mount-control.ts';
import type { NamedFact } from '../../shared/agent-api/member-snapshot.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import type { MemberParts } from './member-parts.ts';

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/**
 * The facts used by a decision, worded for people, in the order in which they are read. Their ages are those at
 * `nowMs`, which is later than the decision: it is not made anew for everybody who looks.
 */
export function nameFacts(parts: MemberParts, f: MemberFacts, nowMs: number): NamedFact[] {
  const facts = [
    leaseFact(f),
    peerFact(parts, f),
    engineFact(f),
    storageFact(parts, f),
    balancerFact(f),
    guardsFact(f),
  ];
  return facts.map((fact) => ({ ...fact, ageMs: fact.ageMs + nowMs - f.nowMs }));
}

function leaseFact(f: MemberFacts): NamedFact {
  const ageMs = f.lease.answeredMs ?? 0;
  return { name: 'Lease', text: leaseText(f), ageMs, ok: f.lease.storeReachable, source: 'lease store' };
}

function leaseText(f: MemberFacts): string {
  if (f.peerMode.livesOn !== null) return `none: on the promise of ${f.peer.name}`;
  if (f.forced.livesOn !== null) return 'none: at a person’s word';
  if (f.lease.held) {
    const { leftMs, throughPeerMs } = f.lease;
    const way =
      throughPeerMs === null ? '' : `, renewed through ${f.peer.name} for ${seconds(throughPeerMs)}`;
    return `ours, ${seconds(leftMs)} left${way}`;
  }
  if (!f.lease.storeReachable) return 'the store does not answer';
  const freeInMs = f.lease.freeInMs ?? 0;
  if (freeInMs === 0) return 'free';
  const holder = f.lease.holder === f.peer.server ? f.peer.name : (f.lease.holder ?? 'nobody');
  return `${holder}, free in ${seconds(freeInMs)}`;
}

function peerFact(parts: MemberParts, f: MemberFacts): NamedFact {
  const text = f.peer.reachable
    ? `${f.peer.name}, ${f.peer.role ?? 'role unknown'}`
    : `${f.peer.name} does not answer`;
  const ageMs = parts.peer.facts(f.nowMs).answeredMs ?? 0;
  return { name: 'Peer', text, ageMs, ok: f.peer.reachable, source: 'heartbeat' };
}

function engineFact(f: MemberFacts): NamedFact {
  const { process, api } = f.engine;
  const { ageMs } = process;
  const source = 'service manager';
  if (process.value === null)
    return { name: 'Engine', text: `? ${process.why ?? ''}`, ageMs, ok: null, source };
  if (process.value !== 'running')
    return { name: 'Engine', text: process.value, ageMs, ok: process.value === 'stopped', source };
  const answers = api.value === true ? 'answers' : (api.why ?? 'not asked yet');
  const text = `running, its API ${answers}`;
  return { name: 'Engine', text, ageMs, ok: api.value, source: `${source} and API` };
}

function storageFact(parts: MemberParts, f: MemberFacts): NamedFact {
  const { value, ageMs, why } = f.storage.proven;
  const look = parts.probes.storage.fact(f.nowMs).value;
  if (look?.unmounted)
    return { name: 'Storage', text: notMountedWords, ageMs, ok: true, source: 'list of mounts' };
  const generation = look?.generation ?? '?';
  return {
    name: 'Storage',
    text: value === true ? `proven, generation ${generation}` : (why ?? 'not known'),
    ageMs,
    ok: value,
    source: f.lease.held ? 'write probe' : 'read probe',
  };
}

function balancerFact(f: MemberFacts): NamedFact {
  return {
    name: 'Balancer',
    text: f.serving ? '/active answers 200' : '/active answers 503',
    ageMs: 0,
    ok: true,
    source: 'this agent',
  };
}

function guardsFact(f: MemberFacts): NamedFact {
  const text = `${f.guards.beating} of 2 beat`;
  return { name: 'Guards', text, ageMs: 0, ok: f.guards.beating === 2, source: 'beat files' };
}
