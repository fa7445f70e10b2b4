import type { StorageLook } from '../storage/shared-directory.ts';
import { agentApiVersion } from '../../shared/agent-api/agent-api.ts';
import type {
  AutomaticFailover,
  MemberSnapshot,
  ForcedState,
  Observed,
  ObservedRole,
  PeerMode,
} from '../../shared/agent-api/member-snapshot.ts';
import { armingBlockers, changeBlockers, forcedBlockers } from '../../shared/failover/blockers.ts';
import { readmissionOf } from '../../shared/failover/readmission.ts';
import type { Fact, MemberFacts } from '../../shared/failover/member-facts.ts';
import { storePlace, type MemberMode } from '../../shared/site/member-config.ts';
import { productVersion } from '../version.ts';
import { forcedOff } from '../../shared/failover/rules/forced-words.ts';
import { failoverOff } from '../../shared/failover/rules/peer-mode-words.ts';
import type { MemberLoop } from './member-loop.ts';
import type { MemberParts } from './member-parts.ts';
import type { z } from 'zod/mini';
import { memberEvidence } from './member-evidence.ts';
import { copyFacts } from './copy-facts.ts';
import { nameFacts } from './name-facts.ts';
import { replacementFacts } from './store-replacement-steps.ts';

export interface SnapshotIdentity {
  readonly startId: string;
  readonly revision: number;
  readonly roleSinceMs: number;
  /** What `/active` answers at this moment. */
  readonly answersActive: boolean;
}

/** Role as observed from the facts alone; see docs/architecture.md. */
export function observedRole(f: MemberFacts): ObservedRole {
  const runs = f.engine.process.value;
  if (runs === null) return 'unknown';
  // Before it is armed there is no lease that an engine could be without.
  if (f.self.mode !== undefined && !f.lease.held) return runs === 'stopped' ? 'passive' : 'active';
  const holds = f.lease.held || (f.inherited?.stopInMs ?? 0) > 0;
  if (holds && f.operation !== null && f.operation.epoch === f.memory.epoch) return 'stopping';
  if (holds) return f.serving && runs === 'running' ? 'active' : 'taking-over';
  return runs === 'stopped' ? 'passive' : 'stopping';
}

/** An engine that is not taken over yet is wanted where it runs. */
function wantedRole(f: MemberFacts, holds: boolean): MemberSnapshot['role']['wanted'] {
  const asItRuns = f.self.mode !== undefined && observedRole(f) === 'active';
  return asItRuns || (holds && !handsOver(f)) ? 'active' : 'passive';
}

function handsOver({ operation, self }: MemberFacts): boolean {
  return operation !== null && operation.to !== self.server;
}

/** What the journal says when the role of this member has changed. */
export function roleSentence(server: string, role: ObservedRole, epoch: number): string {
  switch (role) {
    case 'active':
      return `${server} is Active with epoch ${epoch}.`;
    case 'passive':
      return `${server} is Passive.`;
    case 'taking-over':
      return `${server} is taking over with epoch ${epoch}.`;
    case 'stopping':
      return `${server} is stopping its engine.`;
    case 'unknown':
      return `What ${server} is cannot be told: whether its engine runs is not known.`;
  }
}

/** The whole state of this member as it is told to consoles, `ixha` and scripts. */
export function buildMemberSnapshot(
  parts: MemberParts,
  decided: ReturnType<MemberLoop['decision']>,
  identity: SnapshotIdentity,
): MemberSnapshot {
  const { config, clock, journal, changes, guards } = parts;
  const { facts } = decided;
  const nowMs = clock.bootMs();
  const holds = facts.lease.held || (facts.inherited?.stopInMs ?? 0) > 0;
  return {
    kind: 'member',
    apiVersion: agentApiVersion,
    productVersion,
    siteId: config.siteId,
    siteVersion: config.siteVersion,
    cluster: config.cluster,
    server: config.server,
    serverName: config.serverName,
    revision: identity.revision,
    startId: identity.startId,
    wallTime: clock.wallTime(),
    role: {
      observed: observedRole(facts),
      wanted: wantedRole(facts, holds),
      sinceMs: nowMs - identity.roleSinceMs,
    },
    ...(config.mode === undefined ? {} : { mode: config.mode, arming: { blockers: armingBlockers(facts) } }),
    preferred: config.preferred,
    timing: config.timing,
    decision: decisionOf(parts, decided, nowMs),
    ...leaseAndStore(parts, facts, holds, nowMs),
    engine: engineFacts(parts, facts, nowMs),
    peer: peerFacts(parts, nowMs),
    guards: [...guards.read(nowMs)],
    ownEnds: parts.ownEnds.lately(),
    storage: storageFacts(parts, facts, nowMs),
    activeAnswer: identity.answersActive ? '200' : '503',
    automaticFailover: automaticFailover(facts),
    peerMode: peerModeOf(facts),
    forced: forcedState(facts),
    replacement: replacementFacts(parts),
    blockers: changeBlockers(facts),
    evidence: memberEvidence(parts, facts, identity.answersActive),
    operation: changes.record(),
    ...scheduled(parts),
    ...(parts.requests === undefined ? {} : { secondPerson: parts.requests.told(facts) }),
    lastChange: lastChange(parts),
    journalHead: journal.head(),
  };
}

function scheduled({ schedule }: MemberParts): Pick<MemberSnapshot, 'schedule'> {
  const move = schedule?.move() ?? null;
  return move === null ? {} : { schedule: move };
}

function decisionOf(
  parts: MemberParts,
  { rule, facts, sinceMs, atMs }: ReturnType<MemberLoop['decision']>,
  nowMs: number,
): MemberSnapshot['decision'] {
  const { ruleId, diagnosis, verdict, headline, reason } = rule;
  return {
    ruleId,
    diagnosis,
    verdict,
    headline,
    reason,
    sinceMs: nowMs - sinceMs,
    ageMs: nowMs - atMs,
    facts: nameFacts(parts, facts, nowMs),
  };
}

function leaseAndStore(
  { config, keeper, memory }: MemberParts,
  facts: MemberFacts,
  holds: boolean,
  nowMs: number,
): Pick<MemberSnapshot, 'lease' | 'store'> {
  const lease = keeper.facts(nowMs);
  return {
    lease: {
      state: leaseState(facts, holds),
      epoch: memory.current().epoch,
      leftMs: lease.leftMs,
      renewedMs: lease.renewedMs,
      holder: lease.holder,
      reservedFor: lease.reservedFor,
      freeInMs: lease.freeInMs,
      ...(lease.storeEpoch === null ? {} : { storeEpoch: lease.storeEpoch }),
    },
    store: {
      reachable: lease.storeReachable,
      roundTripMs: lease.roundTripMs,
      answeredMs: lease.answeredMs,
      storeId: lease.storeId,
      place: storePlace(config.store),
      ...(lease.trouble === null ? {} : { why: lease.trouble }),
      ...(lease.throughPeerMs === null ? {} : { throughPeerMs: lease.throughPeerMs }),
    },
  };
}

function leaseState(f: MemberFacts, holds: boolean): MemberSnapshot['lease']['state'] {
  if (holds) return 'held';
  if (!f.lease.storeReachable) return 'unknown';
  return (f.lease.freeInMs ?? 0) > 0 ? 'other' : 'free';
}

function observed<Value>(fact: Fact<Value>, source: string): Observed<Value> {
  return {
    value: fact.value,
    source,
    ageMs: fact.ageMs,
    ...(fact.why === undefined ? {} : { why: fact.why }),
  };
}

function engineFacts(parts: MemberParts, f: MemberFacts, nowMs: number): MemberSnapshot['engine'] {
  const engine = parts.probes.engine.fact(nowMs);
  const process = parts.probes.process.fact(nowMs);
  const stopped = f.engine.process.value === 'stopped';
  const unknown = <Value>(pick: (looked: NonNullable<typeof engine.value>) => Value): Observed<Value> => ({
    value: engine.value === null ? null : pick(engine.value),
    source: 'engine API',
    ageMs: engine.ageMs,
    ...(engine.value === null
      ? { why: stopped ? 'the engine is stopped' : (engine.why ?? 'not known') }
      : {}),
  });
  const received = unknown((looked) => looked.received);
  return {
    // The finding that was decided by, so that role and engine tell the same; it has grown older since.
    process: observed(
      { ...f.engine.process, ageMs: f.engine.process.ageMs + nowMs - f.nowMs },
      'service manager',
    ),
    api: unknown((looked) => ({ answersInMs: looked.answersInMs, version: looked.version })),
    components: unknown(({ on, total, inError }) => ({ on, total, inError })),
    pollers: unknown(({ pollersOn, pollersTotal }) => ({ on: pollersOn, total: pollersTotal })),
    queued: unknown((looked) => looked.queued),
    messagesPerSecond: unknown((looked) => looked.messagesPerSecond),
    received,
    runningMs: process.value?.runningMs ?? null,
    lastStartMs: parts.runtime.lastStartMs,
    lastStopMs: parts.runtime.lastStopMs,
  };
}

function peerFacts(parts: MemberParts, nowMs: number): MemberSnapshot['peer'] {
  const { reachable, answeredMs, roundTripMs, status, trouble } = parts.peer.facts(nowMs);
  return {
    server: parts.config.peer.server,
    reachable,
    answeredMs,
    roundTripMs,
    lossPercent: parts.peer.lossPercent(nowMs),
    role: status?.role ?? null,
    epoch: status?.epoch ?? null,
    ...(trouble === null ? {} : { why: trouble }),
  };
}

function storageFacts(parts: MemberParts, f: MemberFacts, nowMs: number): MemberSnapshot['storage'] {
  const look = parts.probes.storage.fact(nowMs);
  return {
    kind: parts.config.storage.kind,
    directory: parts.config.storage.directory,
    proven: observed(
      { ...look, value: look.value && provenAs(look.value) },
      look.value?.unmounted ? 'list of mounts' : f.lease.held ? 'write probe' : 'read probe',
    ),
    generation: observed(
      look.value?.unmounted
        ? { ...look, value: null, why: 'nothing is mounted there' }
        : { ...look, value: look.value?.generation ?? null },
      'generation file',
    ),
    ...(parts.copies === null ? {} : { copy: copyFacts(parts.copies.view(), f) }),
    ...(parts.cutOff === undefined ? {} : { cut: parts.cutOff.facts() }),
    ...(parts.mounts === undefined ? {} : { mount: parts.mounts.facts() }),
  };
}

function provenAs({
  tookMs,
  usedPercent,
  unmounted,
}: StorageLook): NonNullable<MemberSnapshot['storage']['proven']['value']> {
  return { tookMs, usedPercent, ...(unmounted && { unmounted }) };
}

function automaticFailover(f: MemberFacts): z.infer<typeof AutomaticFailover> {
  if (f.self.mode !== undefined) return { state: 'off', reason: `${notArmedWords(f.self.mode)}.` };
  if (f.memory.damaged !== null)
    return { state: 'blocked', reason: `The state of ${f.self.name} is damaged.` };
  const off = failoverOff(f);
  if (off !== null) return { state: 'peer-mode', reason: off };
  const byForce = forcedOff(f);
  if (byForce !== null) return { state: 'off', reason: byForce };
  if (!f.lease.storeReachable) {
    const why = f.lease.trouble === null ? 'does not answer' : `cannot be used: ${f.lease.trouble}`;
    return { state: 'not-known', reason: `The lease store ${why}.` };
  }
  const { maintenance, block } = f.lease;
  if (maintenance !== null) {
    const why = maintenance.reason === '' ? '' : `: ${maintenance.reason}`;
    return {
      state: 'maintenance',
      reason: `Maintenance of ${maintenance.by}${why}.`,
      untilMs: maintenance.leftMs,
    };
  }
  if (block !== null) {
    const who = block.by === 'agents' ? '' : ` by ${block.by}`;
    const { by, why, leftMs } = block;
    return { state: 'blocked', reason: `Blocked${who}: ${why}.`, untilMs: leftMs, block: { by, why } };
  }
  return { state: 'on', reason: 'The normal state.' };
}

function notArmedWords(mode: MemberMode): string {
  return mode === 'observe' ? 'The site is only observed' : 'The site is being armed';
}

function peerModeOf(f: MemberFacts): PeerMode {
  const { livesOn, given } = f.peerMode;
  return { mode: livesOn === null ? 'lease' : 'peer', livesOn, given, failoverOff: failoverOff(f) };
}

function forcedState(f: MemberFacts): ForcedState {
  const { livesOn, fence } = f.forced;
  const readmission = readmissionOf(f);
  return {
    livesOn,
    fence,
    blockers: forcedBlockers(f),
    readmission: readmission && { ...readmission, blockers: [...readmission.blockers] },
  };
}

function lastChange(parts: MemberParts): MemberSnapshot['lastChange'] {
  const record = parts.changes.record();
  if (record === null || record.state === 'running') return null;
  return {
    wallTime: record.startedWallTime,
    sentence: record.sentence,
    ruleId: record.requestedBy,
    epoch: parts.memory.current().epoch,
    agoMs: record.startedAgoMs,
  };
}
