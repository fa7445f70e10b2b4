import { timingPresets } from '../lease/timing.ts';
import type { MemberFacts } from './member-facts.ts';

/** Some facts, however deep, that differ from others. */
export type FactChanges = Deep<MemberFacts>;

type Deep<Value> = {
  [Key in keyof Value]?: Value[Key] extends readonly unknown[] | null
    ? Value[Key]
    : Deep<Value[Key]> | Value[Key];
};

/** A Passive with which nothing is the matter, and whose peer is Active. */
export const healthyPassive: MemberFacts = {
  nowMs: 100_000,
  timing: timingPresets.fast,
  self: { server: 'north', name: 'ig-north', preferred: true, mustNot: false },
  peer: {
    server: 'south',
    name: 'ig-south',
    reachable: true,
    heard: true,
    role: 'active',
    epoch: 4,
    engineRunning: true,
    blockers: [],
    preferred: false,
    fitForMs: 60_000,
    onPromise: false,
    operationToUs: null,
    forced: null,
  },
  memory: { damaged: null, needsPerson: false, missing: false, epoch: 3, ended: 3, unwritable: null },
  lease: {
    held: false,
    leftMs: 0,
    holder: 'south',
    storeEpoch: 4,
    reservedFor: null,
    freeInMs: 3_000,
    storeReachable: true,
    answeredMs: 100,
    trouble: null,
    block: null,
    maintenance: null,
    unprovenSinceMaintenance: false,
    policyVersion: 0,
    lastHolder: 'south',
    behind: null,
    throughPeerMs: null,
    releasing: false,
    storeRenewedMs: null,
    storeForced: null,
  },
  forced: { livesOn: null, lapsed: false, fence: null, expelled: null },
  peerMode: { livesOn: null, lapsed: false, given: null, question: null },
  inherited: null,
  engine: {
    process: { value: 'stopped', ageMs: 50 },
    api: { value: null, ageMs: 50, why: 'the engine is stopped' },
    apiSilentMs: 0,
    apiAwaitedMs: 0,
    components: { value: null, ageMs: 50 },
    pollers: { value: null, ageMs: 50 },
    startedEpoch: null,
    pollersStarted: false,
    crashes: 0,
    outsider: null,
    notProcessing: null,
  },
  guards: { beating: 2, allSilent: false },
  storage: {
    proven: { value: true, ageMs: 500 },
    provenEpoch: null,
    generation: { value: 4, ageMs: 500 },
    lateWrite: null,
    newerGeneration: null,
    aheadOfStore: null,
  },
  ledgerSealedEpoch: null,
  freeForMs: 0,
  serving: false,
  emergency: false,
  serverStops: 'no',
  observedOnce: true,
  lookedOnce: true,
  nobodyHeardMs: 100,
  acquireWaitMs: 0,
  standsBack: false,
  failbackAfterMs: null,
  tookOverByRule: false,
  localRestarts: 2,
  operation: null,
  failures: {},
};

/** An Active with which nothing is the matter, and whose peer is Passive. */
export const healthyActive: MemberFacts = {
  ...healthyPassive,
  peer: { ...healthyPassive.peer, role: 'passive', epoch: 4, engineRunning: false },
  memory: { damaged: null, needsPerson: false, missing: false, epoch: 5, ended: 4, unwritable: null },
  lease: {
    ...healthyPassive.lease,
    held: true,
    leftMs: 3_500,
    holder: 'north',
    lastHolder: 'north',
    storeEpoch: 5,
    freeInMs: 4_000,
  },
  engine: {
    process: { value: 'running', ageMs: 50 },
    api: { value: true, ageMs: 50 },
    apiSilentMs: 0,
    apiAwaitedMs: 0,
    components: { value: { on: 3, total: 3 }, ageMs: 50 },
    pollers: { value: { on: 1, total: 1 }, ageMs: 50 },
    startedEpoch: 5,
    pollersStarted: true,
    crashes: 0,
    outsider: null,
    notProcessing: null,
  },
  storage: {
    proven: { value: true, ageMs: 500 },
    provenEpoch: 5,
    generation: { value: 5, ageMs: 500 },
    lateWrite: null,
    newerGeneration: null,
    aheadOfStore: null,
  },
  serving: true,
};

/** The same facts but for some. Pure. */
export function withFacts(base: MemberFacts, changes: FactChanges): MemberFacts {
  return merge(base, changes);
}

function merge<Value>(base: Value, changes: unknown): Value {
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return changes as Value;
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) return changes as Value;
  const merged: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(changes)) {
    merged[key] = key in merged && merged[key] !== null ? merge(merged[key], value) : value;
  }
  return merged as Value;
}
