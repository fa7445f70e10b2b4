import { formatSeconds, formatSpan, valueIntervalMs } from '../../../shared/fleet/age.ts';
import { runsOutside, runsWithoutLease } from '../../../shared/fleet/cluster-role.ts';
import { fenceOf } from '../../../shared/fleet/fence.ts';
import { livesOnPromise } from '../../../shared/fleet/peer-mode.ts';
import { roleWords } from '../../../shared/fleet/member-role.ts';
import { sinceLastRenewal } from '../../../shared/fleet/lease-sight.ts';
import { ageNow, type ClusterSight, type MemberSight } from '../../../shared/fleet/sight.ts';
import { asTitle } from '../../../shared/fleet/wording.ts';
import { leaseInstants } from '../../../shared/lease/timing.ts';
import type { MemberSnapshot, Observed } from '../../../shared/agent-api/member-snapshot.ts';
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
  const fence = silent ? fenceOf(sight, member) : null;
  return [
    fence
      ? { ...line('Fence', fence.mustStay, 'warn', 0), state: 'warn', ageMs: null, rule: `says ${fence.by}` }
      : line(
          'Wanted',
          `${roleWords[role.wanted]}${preferred}`,
          role.wanted === role.observed ? 'ok' : 'warn',
          0,
        ),
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
          storageWords(snapshot.storage),
          known(snapshot.storage.proven),
          snapshot.storage.proven.ageMs,
          valueIntervalMs.storage,
        ),
    line(
      'Pollers',
      pollerWords(member),
      engine.process.value === 'stopped' ? 'ok' : known(engine.pollers),
      engine.pollers.ageMs,
    ),
    silent && role.observed === 'active' && !livesOnPromise(member)
      ? guardsByRule(sight, member)
      : guardsFact(member, line),
  ];
}

type Line = (name: string, text: string, state: FactState, ageMs: number, intervalMs?: number) => MemberFact;

function engineFact(member: MemberSight, line: Line): MemberFact {
  const { engine } = member.snapshot!;
  const { process } = engine;
  if (runsOutside(member)) return line('Engine', 'one runs outside its service', 'danger', process.ageMs);
  if (runsWithoutLease(member)) return line('Engine', 'runs without the lease', 'danger', process.ageMs);
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
  return line('Engine', `running${runs}`, 'ok', process.ageMs);
}

/** With the engine stopped nothing can poll, whatever its API would say. */
function pollerWords(member: MemberSight): string {
  const { pollers, process } = member.snapshot!.engine;
  if (pollers.value) return `${pollers.value.on} of ${pollers.value.total} here`;
  return process.value === 'stopped' ? 'none, the engine is stopped' : (pollers.why ?? 'not known');
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
    ? { ...base, text: `must kill within ${formatSeconds(left)} s`, state: 'waiting' }
    : { ...base, text: 'must have killed; not seen', state: 'unknown' };
}

function known(value: Observed<unknown>): FactState {
  return value.value === null ? 'unknown' : 'ok';
}

function storageWords({ proven: { value, why } }: MemberSnapshot['storage']): string {
  if (value === null) return asTitle(why ?? 'not known');
  return value.unmounted ? 'rightly not mounted' : `mounted, probe ${Math.round(value.tookMs)} ms`;
}
