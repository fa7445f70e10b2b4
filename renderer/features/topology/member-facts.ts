import { formatSeconds, formatSpan, valueIntervalMs } from '../../../shared/fleet/age.ts';
import { roleWords } from '../../../shared/fleet/member-role.ts';
import { ageNow, type ClusterSight, type MemberSight } from '../../../shared/fleet/sight.ts';
import { leaseInstants } from '../../../shared/lease/timing.ts';
import type { Observed } from '../../../shared/agent-api/member-snapshot.ts';
import type { FactState } from '../../components/state-icon.tsx';

/** One line of a member node: what, value, tick and age. `rule`: computed by rule, not seen. */
export interface MemberFact {
  readonly name: string;
  readonly text: string;
  readonly state: FactState;
  readonly ageMs: number | null;
  readonly intervalMs: number;
  readonly rule?: string;
}

/** Five facts of a member: wanted, engine, queue or storage, pollers, guards. Of a silent one, its last words. */
export function memberFacts(sight: ClusterSight, member: MemberSight): MemberFact[] {
  const { snapshot } = member;
  if (!snapshot) return [];
  const silent = member.silent;
  const line = (
    name: string,
    text: string,
    state: FactState,
    ageMs: number,
    intervalMs: number = valueIntervalMs.engine,
  ): MemberFact => ({
    name,
    text,
    state: silent ? 'unknown' : state,
    ageMs: ageNow(member, ageMs),
    intervalMs,
  });
  const { engine, role } = snapshot;
  const preferred = snapshot.preferred ? ', preferred here' : '';
  return [
    line('Wanted', `${roleWords[role.wanted]}${preferred}`, role.wanted === role.observed ? 'ok' : 'warn', 0),
    engineFact(member, line),
    role.observed === 'active'
      ? line(
          'Queued',
          engine.queued.value === null
            ? (engine.queued.why ?? 'not known')
            : `${engine.queued.value} in ${engine.components.value?.total ?? '?'} components`,
          known(engine.queued),
          engine.queued.ageMs,
        )
      : line(
          'Storage',
          snapshot.storage.proven.value
            ? `mounted, probe ${Math.round(snapshot.storage.proven.value.tookMs)} ms`
            : (snapshot.storage.proven.why ?? 'not known'),
          known(snapshot.storage.proven),
          snapshot.storage.proven.ageMs,
          valueIntervalMs.storage,
        ),
    line(
      'Pollers',
      engine.pollers.value
        ? `${engine.pollers.value.on} of ${engine.pollers.value.total} here`
        : (engine.pollers.why ?? 'not known'),
      known(engine.pollers),
      engine.pollers.ageMs,
    ),
    silent && role.observed === 'active' ? guardsByRule(sight, member) : guardsFact(member, line),
  ];
}

type Line = (name: string, text: string, state: FactState, ageMs: number, intervalMs?: number) => MemberFact;

function engineFact(member: MemberSight, line: Line): MemberFact {
  const { engine } = member.snapshot!;
  const { process } = engine;
  if (process.value === null) return line('Engine', process.why ?? 'not known', 'unknown', process.ageMs);
  if (process.value !== 'running') {
    const passive = member.snapshot!.role.observed === 'passive';
    const gate = process.value === 'stopped' && passive ? ', gate shut' : '';
    return line(
      'Engine',
      `${process.value}${gate}`,
      process.value === 'stopped' ? 'ok' : 'waiting',
      process.ageMs,
    );
  }
  if (engine.api.value === null) {
    return line('Engine', `running, ${engine.api.why ?? 'API does not answer'}`, 'warn', engine.api.ageMs);
  }
  const runs = engine.runningMs === null ? '' : ` ${formatSpan(engine.runningMs)}`;
  const astray = member.snapshot!.role.observed === 'passive';
  return line(
    'Engine',
    astray ? 'runs without the lease' : `running${runs}`,
    astray ? 'danger' : 'ok',
    process.ageMs,
  );
}

function guardsFact(member: MemberSight, line: Line): MemberFact {
  const { guards } = member.snapshot!;
  const beating = guards.filter((guard) => guard.beating).length;
  const age = Math.max(0, ...guards.map((guard) => guard.ageMs ?? 0));
  const state: FactState = beating === guards.length && beating > 0 ? 'ok' : beating > 0 ? 'warn' : 'danger';
  return line('Guards', `${beating} of ${guards.length} beat`, state, age, valueIntervalMs.link);
}

/** A silent Active: its guards cannot be seen, but by rule they kill at a known instant after the last renewal. */
function guardsByRule(sight: ClusterSight, member: MemberSight): MemberFact {
  const base = { name: 'Guards', ageMs: null, intervalMs: valueIntervalMs.link, rule: 'by rule' };
  const since = sinceLastRenewal(sight, member);
  if (since === null) return { ...base, text: 'not known', state: 'unknown' };
  const left = leaseInstants(member.snapshot!.timing).guardKillMs - since;
  return left > 0
    ? { ...base, text: `kill in ${formatSeconds(left)} s at the latest`, state: 'waiting' }
    : { ...base, text: `have killed ${formatSpan(-left)} ago`, state: 'waiting' };
}

/** Since the last renewal that the store accepted, or as the member itself said last; null: not known. */
export function sinceLastRenewal(sight: ClusterSight, member: MemberSight): number | null {
  const lease = sight.witness.snapshot?.leases.find((candidate) => candidate.cluster === sight.cluster.id);
  if (lease && lease.holder === member.server && lease.renewedMs !== null && sight.witness.heardMs !== null) {
    return ageNow(sight.witness, lease.renewedMs);
  }
  return ageNow(member, member.snapshot?.lease.renewedMs ?? null);
}

function known(value: Observed<unknown>): FactState {
  return value.value === null ? 'unknown' : 'ok';
}
