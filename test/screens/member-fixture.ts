import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { memberEvidence } from './evidence-fixture.ts';
import { timingPresets } from '../../shared/lease/timing.ts';

export interface MemberFixture {
  readonly cluster: string;
  readonly server: string;
  readonly peer: string;
  readonly role: 'active' | 'passive';
  readonly epoch: number;
  readonly perSecond?: number;
  readonly queued?: number;
}

const runningMs = 12 * 86_400_000 + 8 * 3_600_000;

/** A healthy member as its agent would report it, 0.1 to 1.1 s old in its parts. */
export function memberSnapshot(fixture: MemberFixture): MemberSnapshot {
  const active = fixture.role === 'active';
  return {
    kind: 'member',
    apiVersion: '1.0',
    productVersion: '0.1.0',
    siteId: 'demo',
    siteVersion: 7,
    cluster: fixture.cluster,
    server: fixture.server,
    serverName: fixture.server,
    revision: 812,
    startId: 'b0f1',
    wallTime: '2026-03-14T04:31:24.000Z',
    role: { observed: fixture.role, wanted: fixture.role, sinceMs: runningMs },
    preferred: active,
    timing: timingPresets.normal,
    decision: active ? staysActive(fixture) : staysPassive(fixture),
    lease: {
      state: active ? 'held' : 'other',
      epoch: fixture.epoch,
      leftMs: active ? 14_200 : 0,
      renewedMs: active ? 800 : null,
      holder: active ? fixture.server : fixture.peer,
      reservedFor: null,
      freeInMs: 14_600,
    },
    store: { reachable: true, roundTripMs: active ? 3 : 4, answeredMs: 800, storeId: 'st-7c1e' },
    engine: engineFacts(fixture),
    peer: {
      server: fixture.peer,
      reachable: true,
      answeredMs: 400,
      roundTripMs: 0.6,
      lossPercent: 0,
      role: active ? 'passive' : 'active',
      epoch: fixture.epoch,
    },
    guards: [
      { id: 'guard-1', beating: true, ageMs: 60 },
      { id: 'guard-2', beating: true, ageMs: 90 },
    ],
    storage: {
      kind: 'shared',
      directory: `/iguana/${fixture.cluster.toLowerCase()}`,
      proven: { value: { tookMs: active ? 12 : 11, usedPercent: 61 }, source: 'write probe', ageMs: 1_100 },
      generation: { value: fixture.epoch, source: 'generation file', ageMs: 1_100 },
    },
    activeAnswer: active ? '200' : '503',
    automaticFailover: { state: 'on', reason: 'Both members and the lease store agree.' },
    blockers: [],
    evidence: memberEvidence(fixture),
    operation: null,
    lastChange: {
      wallTime: '2026-03-02T06:12:00.000Z',
      sentence: `${active ? fixture.server : fixture.peer} is Active with epoch ${fixture.epoch}.`,
      ruleId: 'admin-1',
      epoch: fixture.epoch,
      agoMs: runningMs,
    },
    journalHead: 412,
  };
}

function engineFacts({ role, perSecond, queued }: MemberFixture): MemberSnapshot['engine'] {
  const active = role === 'active';
  return {
    process: { value: active ? 'running' : 'stopped', source: 'service', ageMs: 300 },
    api: active
      ? { value: { answersInMs: 41, version: '10.1.4' }, source: 'API', ageMs: 800 }
      : { value: null, why: 'the engine is stopped', source: 'API', ageMs: 300 },
    components: active
      ? { value: { on: 14, total: 14, inError: 0 }, source: 'API', ageMs: 800 }
      : { value: null, why: 'the engine is stopped', source: 'API', ageMs: 300 },
    pollers: active
      ? { value: { on: 3, total: 3 }, source: 'API', ageMs: 800 }
      : { value: null, why: 'the engine is stopped', source: 'API', ageMs: 300 },
    queued: active
      ? { value: queued ?? 312, source: 'API', ageMs: 800 }
      : { value: null, why: 'the engine is stopped', source: 'API', ageMs: 300 },
    messagesPerSecond: active
      ? { value: perSecond ?? 18.4, source: 'API', ageMs: 800 }
      : { value: null, why: 'the engine is stopped', source: 'API', ageMs: 300 },
    received: active
      ? { value: 884_533, source: 'API', ageMs: 800 }
      : { value: null, why: 'the engine is stopped', source: 'API', ageMs: 300 },
    runningMs: active ? runningMs : null,
    lastStartMs: 6_900,
    lastStopMs: 2_900,
  };
}

function staysActive({ server, peer, epoch }: MemberFixture): MemberSnapshot['decision'] {
  return {
    ruleId: 'R33',
    diagnosis: 'all-well',
    verdict: 'wait',
    headline: `${server} stays Active`,
    reason: `it holds the lease of epoch ${epoch}, its engine answers, and both guards beat.`,
    sinceMs: 4_200_000,
    ageMs: 300,
    facts: [
      { name: 'Lease', text: 'ours, 14.2 s left', ageMs: 800, ok: true, source: 'lease store' },
      { name: 'Peer', text: `${peer}, Passive`, ageMs: 400, ok: true, source: 'heartbeat' },
      {
        name: 'Engine',
        text: 'API answers in 41 ms',
        ageMs: 800,
        ok: true,
        source: 'service manager and API',
      },
      { name: 'Storage', text: 'write probe 12 ms', ageMs: 1_100, ok: true, source: 'write probe' },
      { name: 'Guards', text: '2 of 2 within 0.1 s', ageMs: 100, ok: true, source: 'beat files' },
    ],
  };
}

function staysPassive({ server, peer, epoch }: MemberFixture): MemberSnapshot['decision'] {
  return {
    ruleId: 'R52',
    diagnosis: 'peer-active',
    verdict: 'wait',
    headline: `${server} stays Passive`,
    reason: `${peer} holds the lease of epoch ${epoch} and answers.`,
    sinceMs: 4_200_000,
    ageMs: 300,
    facts: [
      { name: 'Lease', text: `${peer}, 14.6 s left`, ageMs: 600, ok: true, source: 'lease store' },
      { name: 'Peer', text: `${peer}, Active`, ageMs: 400, ok: true, source: 'heartbeat' },
      { name: 'Engine', text: 'stopped, gate shut', ageMs: 300, ok: true, source: 'service manager and API' },
      { name: 'Storage', text: 'read probe 11 ms', ageMs: 1_100, ok: true, source: 'write probe' },
      { name: 'Guards', text: '2 of 2 within 0.1 s', ageMs: 100, ok: true, source: 'beat files' },
    ],
  };
}
