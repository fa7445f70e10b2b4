import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { guardsSilentMs } from '../../shared/lease/noticing.ts';
import type { MemberParts } from './member-parts.ts';
import { occupancySettled } from './member-probes.ts';

/** Deaths of the engine are counted within this window. */
export const crashWindowMs = 10 * 60_000;

/** A late writer is an alarm for this long after it was last seen. */
const lateWriteToldMs = 10 * 60_000;

/** Puts everything that is known into one plain value for the rules. Reads two beat files; otherwise no effects. */
export function gatherFacts(parts: MemberParts): MemberFacts {
  const { config, clock, memory, keeper, peer, runtime, changes, ledger } = parts;
  const nowMs = clock.bootMs();
  const { epoch, ended } = memory.current();
  const lease = keeper.facts(nowMs);
  const heard = peer.facts(nowMs);
  const looked = lookedOnce(parts, nowMs);
  return {
    nowMs,
    timing: config.timing,
    self: {
      server: config.server,
      name: config.serverName,
      preferred: config.preferred,
      mustNot: config.mustNot === true,
      ...(config.mode === undefined ? {} : { mode: config.mode }),
    },
    peer: peerFacts(parts, heard, nowMs),
    memory: {
      damaged: memory.damaged,
      missing: memory.missing,
      needsPerson: memory.foreign && runtime.readmittedBy === null,
      epoch,
      ended,
      unwritable: memory.unwritable(),
    },
    lease: { ...lease, ...parts.maintenance.facts(lease, nowMs) },
    forced: forcedFacts(parts),
    peerMode: keeper.peerMode.facts(nowMs),
    inherited: keeper.inherited(nowMs),
    engine: engineFacts(parts, nowMs),
    guards: guardFacts(parts, nowMs),
    storage: storageFacts(parts, nowMs),
    ledgerSealedEpoch: ledger.sealedEpoch(),
    freeForMs: lease.freeForMs,
    serving: runtime.serving,
    emergency: runtime.emergency !== null,
    serverStops: runtime.serverStops,
    observedOnce: looked && lease.answeredMs !== null,
    lookedOnce: looked,
    nobodyHeardMs: Math.min(
      lease.answeredMs ?? Infinity,
      heard.heardMs ?? Infinity,
      // This agent hears nothing before its own start.
      nowMs - runtime.startedMs,
    ),
    acquireWaitMs: Math.max(0, runtime.acquireNotBeforeMs - nowMs),
    standsBack: runtime.standsBack,
    failbackAfterMs: config.failbackAfterMinutes === undefined ? null : config.failbackAfterMinutes * 60_000,
    tookOverByRule: memory.current().tookOver === 'by-rule',
    localRestarts: config.localRestarts,
    operation: changes.own(),
    failures: Object.fromEntries(
      [...runtime.failures].map(([kind, { count, sinceMs, atMs, why }]) => [
        kind,
        { count, forMs: nowMs - sinceMs, agoMs: nowMs - atMs, why },
      ]),
    ),
  };
}

const notLooked = 'not looked at yet';

function engineFacts({ probes, runtime, engine }: MemberParts, nowMs: number): MemberFacts['engine'] {
  const process = probes.process.fact(nowMs);
  const looked = probes.engine.fact(nowMs);
  const counts = looked.value;
  const silent = counts === null && process.value?.process !== 'stopped' && looked.why !== notLooked;
  const answeredMs = runtime.apiAnsweredMs === null ? Infinity : nowMs - runtime.apiAnsweredMs;
  return {
    process: { ...process, value: process.value?.process ?? null },
    api: { ...looked, value: counts !== null ? true : silent ? false : null },
    apiSilentMs: silent && runtime.apiAnsweredMs !== null ? nowMs - runtime.apiAnsweredMs : 0,
    apiAwaitedMs: silent ? Math.min(process.value?.runningMs ?? 0, answeredMs) : 0,
    components: { ...looked, value: counts && { on: counts.on, total: counts.total } },
    pollers: { ...looked, value: counts && { on: counts.pollersOn, total: counts.pollersTotal } },
    startedEpoch: runtime.startedEpoch,
    pollersStarted: runtime.pollersStarted,
    crashes: runtime.crashes.filter((atMs) => nowMs - atMs < crashWindowMs).length,
    outsider: runtime.outsider,
    notProcessing: notProcessing(engine),
  };
}

function notProcessing(engine: MemberParts['engine']): string | null {
  const troubles = engine.diagnosis?.().troubles ?? [];
  return troubles.find(({ code }) => code === 'not-processing')?.seen ?? null;
}

function storageFacts(
  { probes, runtime, memory, keeper, copies }: MemberParts,
  nowMs: number,
): MemberFacts['storage'] {
  const looked = probes.storage.fact(nowMs);
  const { epoch } = memory.current();
  const lateMs = runtime.lateWrite === null ? null : nowMs - runtime.lateWrite.atMs;
  return {
    proven: { ...looked, value: looked.value !== null ? true : looked.why === notLooked ? null : false },
    provenEpoch: runtime.provenEpoch,
    generation: runtime.generation,
    lateWrite:
      lateMs === null || lateMs > lateWriteToldMs
        ? null
        : { seen: runtime.lateWrite?.seen ?? '', agoMs: lateMs },
    newerGeneration:
      looked.value !== null && looked.value.generation > epoch ? looked.value.generation : null,
    aheadOfStore: keeper.replacing.storageAhead(),
    ...(copies === null ? {} : { copied: copies.facts(nowMs) }),
  };
}

function peerFacts(
  { config, runtime }: MemberParts,
  { reachable, heard, status }: ReturnType<MemberParts['peer']['facts']>,
  nowMs: number,
): MemberFacts['peer'] {
  const known = heard ? status : null;
  return {
    server: config.peer.server,
    name: config.peer.serverName,
    reachable,
    heard,
    role: known?.role ?? null,
    epoch: known?.epoch ?? null,
    engineRunning: known?.engineRunning ?? null,
    blockers: known?.blockers ?? null,
    preferred: config.peer.preferred === true,
    // Also while it is silent: what it has told once does not become untrue by that.
    forced: status?.forced ?? null,
    fitForMs: runtime.peerFitSinceMs === null ? 0 : nowMs - runtime.peerFitSinceMs,
    onPromise: known?.onPromise ?? null,
    operationToUs: known?.operation?.to === config.server ? known.operation.id : null,
  };
}

function guardFacts(parts: MemberParts, nowMs: number): MemberFacts['guards'] {
  const allSilentAfterMs = guardsSilentMs(parts.config.timing);
  const beats = parts.guards.known(nowMs);
  return {
    beating: beats.filter((beat) => beat.beating).length,
    allSilent: beats.every(({ ageMs, beating }) => !beating && (ageMs === null || ageMs > allSilentAfterMs)),
  };
}

function forcedFacts({ keeper, memory }: MemberParts): MemberFacts['forced'] {
  const { forced, expelled = null } = memory.current();
  const note = keeper.forced.note();
  return {
    livesOn:
      note !== null && keeper.forced.lives() ? { by: note.by, sinceMs: keeper.forced.livesForMs() } : null,
    lapsed: keeper.forced.lapsed(),
    fence: forced === undefined ? null : { statement: forced.statement, by: forced.by, at: forced.at },
    expelled,
  };
}

/** Everything but the lease store, which a forced takeover may have to do without. */
function lookedOnce(parts: MemberParts, nowMs: number): boolean {
  const { probes } = parts;
  const looked = (why: string | undefined) => why !== notLooked;
  const occupancy = probes.occupancy.fact(nowMs);
  return (
    looked(occupancy.why) &&
    occupancySettled(occupancy) &&
    looked(probes.process.fact(nowMs).why) &&
    looked(probes.storage.fact(nowMs).why)
  );
}
