import type { Blocker } from '../agent-api/member-snapshot.ts';
import { storeIsLost } from '../lease/store-replacement.ts';
import { clockDriftBound } from '../lease/timing.ts';
import { administratorBlockers, type Asker } from './asker.ts';
import { formatSeconds, formatSpan } from './age.ts';
import { otherMember } from './cluster-role.ts';
import type { ForceFact } from './force-plan.ts';
import { livesOnPromise } from './peer-mode.ts';
import { ageNow, leftNow, type ClusterSight, type MemberSight } from './sight.ts';

/** What the replacement of a lost lease store would do now. */
export interface StoreReplacementPlan {
  /** Who is asked; it asks the other one. */
  readonly target: MemberSight;
  readonly other: MemberSight;
  /** The other one answers neither this console nor the target: a person has to state that it is fenced. */
  readonly alone: boolean;
  readonly refusals: readonly Blocker[];
  readonly facts: readonly ForceFact[];
  /** How long the new store grants nothing, in milliseconds. */
  readonly waitMs: number;
}

/**
 * A store runs in place of the lost one, as a member that answers says, and waits for a person. One that is only behind
 * a takeover that was forced without it is not lost: it hears of the raised epoch with the next lease that it grants.
 * Until a member asks it again, up to a heartbeat after that grant, it still says what it heard before.
 */
export function replacementOffered(sight: ClusterSight): boolean {
  const answering = sight.members.filter(({ silent, snapshot }) => !silent && snapshot !== null);
  const isForced = answering.some(({ snapshot }) => snapshot?.forced?.livesOn != null);
  return answering.some(({ snapshot }) => {
    const standing = snapshot?.replacement?.standing ?? 'working';
    if (standing !== 'behind') return storeIsLost(standing);
    return !isForced && !answering.some((other) => servesWithLease(other, snapshot?.lease.epoch ?? 0));
  });
}

/** The store works for it, under this epoch or a later one. */
function servesWithLease({ role, snapshot }: MemberSight, epoch: number): boolean {
  const lease = snapshot?.replacement?.standing === 'working' ? snapshot.lease : null;
  return role.kind === 'active' && lease?.state === 'held' && lease.epoch >= epoch;
}

/** Null: the cluster has no two members. */
export function planStoreReplacement(sight: ClusterSight, asker: Asker): StoreReplacementPlan | null {
  const target = askedOf(sight);
  const other = target && otherMember(sight, target);
  if (!target || !other) return null;
  const T = target.snapshot?.timing.T ?? 0;
  const alone = other.silent && target.snapshot?.peer.reachable !== true;
  return {
    target,
    other,
    alone,
    refusals: refusalsOf(sight, { target, other, alone }, asker),
    facts: factsOf(sight),
    waitMs: (T + clockDriftBound(T)) * 1000,
  };
}

/** Of those that answer the one that sees what is to be replaced; the Active before the Passive. */
function askedOf({ members }: ClusterSight): MemberSight | undefined {
  const rank = ({ silent, snapshot, role }: MemberSight) =>
    (silent || !snapshot ? 8 : 0) +
    ((snapshot?.replacement?.blockers.length ?? 1) > 0 ? 4 : 0) +
    (role.kind === 'active' ? 0 : 1);
  return [...members].sort((one, other) => rank(one) - rank(other))[0];
}

function refusalsOf(
  sight: ClusterSight,
  { target, other, alone }: Pick<StoreReplacementPlan, 'target' | 'other' | 'alone'>,
  asker: Asker,
): Blocker[] {
  const found = administratorBlockers(asker);
  const add = (code: string, reason: string, remedy: string) => found.push({ code, reason, remedy });
  if (target.silent || !target.snapshot) {
    add('target.silent', 'No member answers.', 'Bring an agent, or the way to it, back first.');
    return found;
  }
  if (target.snapshot.replacement === undefined) {
    const remedy = 'Install the agent there again.';
    add('agent.version', `The agent of ${target.name} is of an earlier release.`, remedy);
    return found;
  }
  if (!other.silent && target.snapshot.peer.reachable !== true) {
    const remedy = `Repair the path between ${target.name} and ${other.name}: the new store must not know less than either.`;
    add('peer-silent', `${other.name} answers this console, but not ${target.name}.`, remedy);
  }
  if (sight.cluster.operations.some(({ state }) => state === 'running')) {
    add('operation.running', 'Another change is under way.', 'Wait until it has ended.');
  }
  const heard = alone ? [target] : [target, other];
  for (const { snapshot } of heard) {
    for (const blocker of snapshot?.replacement?.blockers ?? []) {
      // One that belongs to the new store already has only the other one follow.
      const joins = blocker.code === 'store-works' && replacementOffered(sight);
      if (!joins && !found.some(({ reason }) => reason === blocker.reason)) found.push(blocker);
    }
  }
  return found;
}

const standingWords = {
  working: 'answers as it should',
  unseeded: 'runs, and has no record',
  other: 'another store answers',
  behind: 'knows an older epoch than this member or its storage',
  silent: 'does not answer',
} as const;

function factsOf(sight: ClusterSight): ForceFact[] {
  const { store } = sight;
  return [
    ...sight.members.flatMap((member): ForceFact[] => {
      const { snapshot, name } = member;
      const standing = snapshot?.replacement?.standing;
      const last = member.silent ? ' when it was last heard' : '';
      return [
        {
          what: `Lease store, seen by ${name}`,
          text: standing === undefined ? 'not known' : `${standingWords[standing]}${last}`,
          ok: member.silent || standing === undefined ? null : standing === 'working',
          ageMs: member.heardMs,
        },
        {
          what: `Highest epoch of ${name}`,
          text: snapshot ? `${snapshot.lease.epoch}${last}` : 'not known',
          ok: member.silent || !snapshot ? null : true,
          ageMs: member.heardMs,
        },
      ];
    }),
    {
      what: store.kind === 'etcd' ? 'etcd, as the members tell' : `${store.name}, heard by this console`,
      text: store.silent ? 'does not answer' : 'answers',
      ok: store.silent ? null : true,
      ageMs: store.heardMs,
    },
  ];
}

export interface ReplacementStep {
  readonly title: string;
  readonly on: string;
  /** What a step that does not work leaves behind. */
  readonly ifWrong: string;
  readonly state: 'ok' | 'waiting' | 'unknown';
  readonly evidence: string;
  readonly ageMs: number | null;
  readonly silent: boolean;
}

/** The store that each member belonged to before; one that worked with the new store already stands not in it. */
export type StoresBefore = ReadonlyMap<string, string | null>;

export function storesOf(sight: ClusterSight): StoresBefore {
  const lost = sight.members.filter(({ snapshot }) => snapshot?.replacement?.standing !== 'working');
  return new Map(lost.map(({ server, snapshot }) => [server, snapshot?.store.storeId ?? null]));
}

/** How far it is, as members and store say themselves, not as they were asked. */
export function replacementSteps(
  sight: ClusterSight,
  plan: Pick<StoreReplacementPlan, 'target' | 'other' | 'alone' | 'waitMs'>,
  before: StoresBefore,
): ReplacementStep[] {
  const { target, other, alone } = plan;
  const order = alone ? [target] : [other, target];
  const joined = order.map((member) => joinStep(now(sight, member), before));
  const asked = now(sight, target);
  const works = asked.snapshot?.replacement?.standing === 'working' && changed(asked, before);
  const all = joined.every(({ state }) => state === 'ok') && works;
  const served = sight.members.find((member) => runs(member));
  const steps = [...joined, recordStep(sight, asked, all), waitStep(sight, asked, all, plan.waitMs)];
  return served ? [...steps, leaseStep(now(sight, served), all, before)] : steps;
}

export function replacementDone(steps: readonly ReplacementStep[]): boolean {
  return steps.every(({ state }) => state === 'ok');
}

function now(sight: ClusterSight, { server }: MemberSight): MemberSight {
  return sight.members.find((member) => member.server === server)!;
}

function changed({ server, silent, snapshot }: MemberSight, before: StoresBefore): boolean {
  const storeId = snapshot?.store.storeId ?? null;
  return !silent && storeId !== null && storeId !== before.get(server);
}

function runs({ silent, role }: MemberSight): boolean {
  return !silent && role.kind === 'active';
}

function aged(seen: { readonly heardMs: number | null; readonly silent: boolean }) {
  return { ageMs: seen.heardMs, silent: seen.silent };
}

function joinStep(member: MemberSight, before: StoresBefore): ReplacementStep {
  const ok = changed(member, before);
  const was = before.get(member.server) ?? null;
  const id = member.snapshot?.store.storeId ?? null;
  const evidence = ok
    ? `store ${id}${was === null ? '' : `, was ${was}`}; on its disk`
    : `belongs to ${id === null ? 'no store' : `store ${id}`} now`;
  return {
    title: `${member.name} belongs to the new store`,
    on: member.name,
    ifWrong: 'nothing is seeded; ask again',
    state: ok ? 'ok' : member.silent ? 'unknown' : 'waiting',
    evidence: member.silent ? 'does not answer' : evidence,
    ...aged(member),
  };
}

function recordStep(sight: ClusterSight, asked: MemberSight, all: boolean): ReplacementStep {
  const record = sight.store.snapshot?.leases.find(({ cluster }) => cluster === sight.cluster.id);
  const told = all && !sight.store.silent && record ? `epoch ${record.epoch}; ` : '';
  return {
    title: 'The store has its first record',
    on: sight.store.name,
    ifWrong: 'nothing is granted; ask again',
    state: all ? 'ok' : asked.silent ? 'unknown' : 'waiting',
    evidence: all ? `${told}answers ${asked.name} as it should` : '',
    ...aged(asked),
  };
}

function waitStep(sight: ClusterSight, asked: MemberSight, all: boolean, waitMs: number): ReplacementStep {
  const left = leftNow(asked, asked.snapshot?.lease.freeInMs ?? null);
  const held = asked.snapshot?.lease.holder !== null;
  const over = all && left !== null && (left === 0 || held);
  const planned = `${formatSeconds(waitMs)} s from its first record on`;
  return {
    title: 'No lease of the lost store can be live any more',
    on: sight.store.name,
    ifWrong: 'nothing is granted before',
    state: over ? 'ok' : all && asked.silent ? 'unknown' : 'waiting',
    evidence: over ? 'over' : all && left !== null ? `another ${formatSeconds(left)} s` : planned,
    ...aged(asked),
  };
}

function leaseStep(active: MemberSight, all: boolean, before: StoresBefore): ReplacementStep {
  const { snapshot, name } = active;
  const lives = livesOnPromise(active) || snapshot?.forced?.livesOn != null;
  const has = all && snapshot?.lease.state === 'held' && !lives && changed(active, before);
  const renewed = ageNow(active, snapshot?.lease.renewedMs ?? null);
  const evidence = `epoch ${snapshot?.lease.epoch ?? '?'}${renewed === null ? '' : `, renewed ${formatSpan(renewed)} ago`}`;
  return {
    title: `${name} has its lease from it`,
    on: name,
    ifWrong: 'it goes on as now, and asks again by itself',
    state: has ? 'ok' : active.silent ? 'unknown' : 'waiting',
    evidence: has ? evidence : `${name} serves all the time`,
    ...aged(active),
  };
}
