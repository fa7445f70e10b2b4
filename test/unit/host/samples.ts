import type { MemberSnapshot, WitnessSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { OperationRecord, OperationStep } from '../../../shared/agent-api/operation-record.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';

/** A well-formed two-server, two-cluster site on the given ports, crossed over. */
export function sampleSite(ports: Readonly<Record<string, number>> = {}): SiteDocument {
  const member = (cluster: string, server: string, preferred: boolean, apiPort: number) => ({
    server,
    preferred,
    engine: {
      service: { kind: 'systemd' as const, unit: `iguana-${cluster}.service` },
      apiPort,
      apiUser: 'ixha',
      workingDirectory: `/var/iguana/${cluster}`,
    },
    ...(ports[`${cluster}/${server}`] ? { ports: { api: ports[`${cluster}/${server}`]! } } : {}),
  });
  const cluster = (id: string, index: number, preferred: string) => ({
    id,
    title: `Cluster ${id}`,
    index,
    timing: 'fast' as const,
    storage: { kind: 'shared' as const, directory: `/srv/${id}`, mustBeMount: true },
    listeners: [{ name: 'ADT', port: 6661 + index, frontendPort: 7661 + index }],
    pollers: [],
    members: [
      member(id, 'north', preferred === 'north', 7654 + index),
      member(id, 'south', preferred === 'south', 7654 + index),
    ],
    localRestarts: 1,
  });
  return {
    schema: 1,
    id: 'test-site',
    name: 'Test site',
    version: 1,
    servers: [
      { id: 'north', name: 'ig-north', address: '127.0.0.1' },
      { id: 'south', name: 'ig-south', address: '127.0.0.2' },
      { id: 'third', name: 'ig-third', address: '127.0.0.3' },
    ],
    clusters: [cluster('WK1', 0, 'north'), cluster('WK2', 1, 'south')],
    leaseStore: { kind: 'witness', server: 'third', port: ports['witness/third'] ?? 7660 },
    loadBalancer: { kind: 'haproxy', server: 'third' },
  };
}

const known = <Value>(value: Value) => ({ value, source: 'test', ageMs: 10 });

/** A healthy member's snapshot; `changes` replaces whole fields. */
export function sampleMember(
  place: { readonly cluster: string; readonly server: string; readonly role: 'active' | 'passive' },
  changes: Partial<MemberSnapshot> = {},
): MemberSnapshot {
  const { cluster, server, role } = place;
  const active = role === 'active';
  const peer = server === 'north' ? 'south' : 'north';
  return {
    kind: 'member',
    apiVersion: '1.0',
    productVersion: '0.1.0',
    siteId: 'test-site',
    cluster,
    server,
    serverName: `ig-${server}`,
    revision: 1,
    startId: 'start-1',
    wallTime: '2026-01-01T00:00:00.000Z',
    role: { observed: role, wanted: role, sinceMs: 1000 },
    preferred: active,
    timing: timingPresets.fast,
    decision: {
      ruleId: active ? 'R01' : 'R02',
      diagnosis: 'healthy',
      verdict: 'wait',
      headline: active ? `ig-${server} stays Active` : `ig-${server} stays Passive`,
      reason: 'All is well.',
      sinceMs: 1000,
      ageMs: 5,
      facts: [{ name: 'Lease', text: 'ours, 3.4 s left', ageMs: 5, ok: true }],
    },
    lease: {
      state: active ? 'held' : 'other',
      epoch: 7,
      leftMs: active ? 3400 : 0,
      renewedMs: active ? 600 : null,
      holder: active ? server : peer,
      reservedFor: null,
      freeInMs: 3900,
    },
    store: { reachable: true, roundTripMs: 1, answeredMs: 100, storeId: 'store-1' },
    engine: {
      process: known(active ? ('running' as const) : ('stopped' as const)),
      api: active
        ? known({ answersInMs: 4, version: '10.1' })
        : { value: null, why: 'stopped', source: 'test', ageMs: 10 },
      components: known({ on: 3, total: 3, inError: 0 }),
      pollers: known({ on: 1, total: 1 }),
      queued: known(2),
      messagesPerSecond: known(5),
      received: known(1000),
      runningMs: active ? 60_000 : null,
      lastStartMs: 800,
      lastStopMs: 300,
    },
    peer: {
      server: peer,
      reachable: true,
      answeredMs: 100,
      roundTripMs: 1,
      lossPercent: 0,
      role: active ? 'passive' : 'active',
      epoch: 7,
    },
    guards: [
      { id: '1', beating: true, ageMs: 50 },
      { id: '2', beating: true, ageMs: 60 },
    ],
    storage: {
      kind: 'shared',
      directory: `/srv/${cluster}`,
      proven: known({ tookMs: 3, usedPercent: 20 }),
      generation: known(7),
    },
    activeAnswer: active ? '200' : '503',
    automaticFailover: { state: 'on', reason: 'Both members are fit.' },
    blockers: [],
    operation: null,
    lastChange: null,
    journalHead: 12,
    ...changes,
  };
}

export function sampleWitness(changes: Partial<WitnessSnapshot> = {}): WitnessSnapshot {
  return {
    kind: 'witness',
    apiVersion: '1.0',
    productVersion: '0.1.0',
    siteId: 'test-site',
    server: 'third',
    revision: 1,
    startId: 'start-1',
    wallTime: '2026-01-01T00:00:00.000Z',
    storeId: 'store-1',
    startedMs: 1000,
    leases: [],
    ...changes,
  };
}

export function sampleStep(
  id: string,
  server: string,
  state: OperationStep['state'],
  changes: Partial<OperationStep> = {},
): OperationStep {
  return {
    id,
    title: `Step ${id}`,
    server,
    state,
    withoutActive: false,
    startedAgoMs: state === 'pending' ? null : 500,
    tookMs: state === 'done' ? 100 : null,
    evidence: '',
    ...changes,
  };
}

/** A switchover of WK1 from north to south. */
export function sampleOperation(changes: Partial<OperationRecord> = {}): OperationRecord {
  return {
    id: 'operation-1',
    kind: 'switchover',
    from: 'north',
    to: 'south',
    requestedBy: 'test',
    reason: 'patching',
    startedWallTime: '2026-01-01T00:00:00.000Z',
    startedAgoMs: 1000,
    state: 'running',
    sentence: 'ig-north hands over to ig-south',
    steps: [],
    ...changes,
  };
}
