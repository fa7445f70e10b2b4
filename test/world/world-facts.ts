import { policyFacts, releasesOpen, storeView } from '../../agent/member/lease-view.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { freeInMs, leaseLeftMs } from '../../shared/lease/holder.ts';
import { storageAhead } from '../../shared/lease/store-replacement.ts';
import { leaseOnMaintenance } from './world-maintenance.ts';
import { otherOf, timing, type AgentState } from './world-server.ts';

const peerSilentMs = 1_500;

/** What agent/member/gather-facts.ts would tell of this member; last of all what a scenario has set by hand. */
export function gatherWorldFacts(agent: AgentState): MemberFacts {
  const { world, server, memory } = agent;
  const { nowMs } = world;
  const { epoch, ended } = memory.current();
  const facts: MemberFacts = {
    nowMs,
    timing,
    self: {
      server: server.name,
      name: `ig-${server.name}`,
      preferred: server.name === 'north',
      mustNot: false,
      ...(server.mode && { mode: server.mode }),
    },
    peer: peerFacts(agent),
    memory: { damaged: null, needsPerson: false, missing: false, epoch, ended, unwritable: null },
    lease: leaseFacts(agent),
    forced: forcedFacts(agent),
    peerMode: { livesOn: null, lapsed: false, given: null, question: null },
    inherited: agent.found === null ? null : { epoch: agent.found.epoch, stopInMs: agent.inheritedStopMs() },
    engine: engineFacts(agent),
    guards: server.guarded ? { beating: 2, allSilent: false } : { beating: 0, allSilent: true },
    storage: {
      proven: { value: true, ageMs: 0 },
      provenEpoch: agent.provenEpoch,
      generation: { value: agent.generation, ageMs: 0 },
      lateWrite: null,
      newerGeneration: world.generation > epoch ? world.generation : null,
      aheadOfStore: aheadOfStore(agent),
    },
    ledgerSealedEpoch: server.run.sealed,
    serving: agent.serving,
    emergency: false,
    serverStops: 'no',
    observedOnce: nowMs - agent.startedMs >= 200 && agent.holder.seen !== null,
    lookedOnce: nowMs - agent.startedMs >= 200,
    nobodyHeardMs: Math.min(
      nowMs - agent.startedMs,
      nowMs - (agent.holder.seen?.receivedMs ?? -Infinity),
      nowMs - (agent.status?.atMs ?? -Infinity),
    ),
    freeForMs: agent.freeSinceMs === null ? 0 : nowMs - agent.freeSinceMs,
    acquireWaitMs: Math.max(0, agent.acquireNotBeforeMs - nowMs),
    standsBack: agent.standsBack,
    failbackAfterMs: world.site.failbackAfterMs ?? null,
    tookOverByRule: memory.current().tookOver === 'by-rule',
    localRestarts: world.site.localRestarts ?? 1,
    operation: agent.changes.own(),
    failures: Object.fromEntries(
      [...agent.failures].map(([kind, { count, sinceMs, atMs, why }]) => [
        kind,
        { count, forMs: nowMs - sinceMs, agoMs: nowMs - atMs, why },
      ]),
    ),
  };
  return withTold(facts, server.told);
}

/** Without a storage that is looked at now and then: what it carries is known at once. */
function aheadOfStore({ world, holder, memory }: AgentState): number | null {
  const { seen } = holder;
  const answer = seen === null ? null : { epoch: seen.view.epoch, sentMs: seen.sentMs };
  const carried = { generation: world.generation, sinceMs: world.generationSinceMs };
  return storageAhead(carried, answer, memory.current().epoch);
}

function leaseFacts(agent: AgentState): MemberFacts['lease'] {
  const { world, holder, server } = agent;
  const { nowMs } = world;
  const { seen } = holder;
  const storeReachable = seen !== null && nowMs - seen.receivedMs <= (timing.H + 2 * timing.O) * 1000;
  const free = freeInMs(holder, nowMs);
  agent.freeSinceMs = free === 0 && storeReachable ? (agent.freeSinceMs ?? nowMs) : null;
  const releasing = storeReachable && releasesOpen(holder, server.name);
  const { roundTripMs: _ofNoInterest, holder: named, ...told } = storeView(holder, nowMs);
  return {
    ...told,
    held: agent.leaseHeld(),
    leftMs: leaseLeftMs(holder, nowMs),
    holder: named,
    ...policyFacts(holder, nowMs),
    ...agent.maintenance.facts(leaseOnMaintenance(agent), nowMs),
    freeInMs: free,
    storeReachable,
    throughPeerMs: null,
    releasing,
    behind: null,
    trouble: storeReachable ? null : 'it does not answer',
  };
}

function forcedFacts({ memory, forced: life }: AgentState): MemberFacts['forced'] {
  const { forced, expelled = null } = memory.current();
  const note = life.note();
  return {
    livesOn: note !== null && life.lives() ? { by: note.by, sinceMs: life.livesForMs() } : null,
    lapsed: life.lapsed(),
    fence: forced === undefined ? null : { statement: forced.statement, by: forced.by, at: forced.at },
    expelled,
  };
}

function engineFacts({ server, startedEpoch, pollersStarted, crashes }: AgentState): MemberFacts['engine'] {
  const { running, listeners, pollers } = server.engine;
  const answers = running
    ? { value: true, ageMs: 0 }
    : { value: null, ageMs: 0, why: 'the engine is stopped' };
  const counts = (on: boolean, total: number) => ({
    value: running ? { on: on ? total : 0, total } : null,
    ageMs: 0,
  });
  return {
    process: { value: running ? 'running' : 'stopped', ageMs: 0 },
    api: answers,
    apiSilentMs: 0,
    apiAwaitedMs: 0,
    components: counts(listeners, 2),
    pollers: counts(pollers, 1),
    startedEpoch,
    pollersStarted,
    crashes: crashes.length,
    outsider: null,
    notProcessing: null,
  };
}

function peerFacts({ world, server, status, peerFitSinceMs }: AgentState): MemberFacts['peer'] {
  const peer = otherOf(server.name);
  const reachable = status !== null && world.nowMs - status.atMs <= peerSilentMs;
  const known = reachable ? status.told : null;
  return {
    server: peer,
    name: `ig-${peer}`,
    reachable,
    heard: reachable,
    role: known?.role ?? null,
    epoch: known?.epoch ?? null,
    engineRunning: known?.engineRunning ?? null,
    blockers: known?.blockers ?? null,
    preferred: peer === 'north',
    fitForMs: peerFitSinceMs === null ? 0 : world.nowMs - peerFitSinceMs,
    forced: status?.told.forced ?? null,
    onPromise: known?.onPromise ?? null,
    operationToUs: known?.operation?.to === server.name ? known.operation.id : null,
  };
}

/** `engine.outsider` replaces one fact, `guards` a whole group of them. */
function withTold(facts: MemberFacts, told: ReadonlyMap<string, unknown>): MemberFacts {
  if (told.size === 0) return facts;
  const all = structuredClone(facts) as unknown as Record<string, unknown>;
  for (const [path, value] of told) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const at = parts.reduce<Record<string, unknown>>((inner, part) => inner[part] as typeof inner, all);
    at[last] = value;
  }
  return all as unknown as MemberFacts;
}
