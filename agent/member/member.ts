import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import { changeBlockers } from '../../shared/failover/blockers.ts';
import { clockDriftBound } from '../../shared/lease/timing.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { startActiveServer } from '../api/active-server.ts';
import { openSnapshotStream, type SnapshotStream } from '../api/snapshot-stream.ts';
import { openIguanaX } from '../engines/iguanax.ts';
import { openJournal } from '../journal/journal.ts';
import { openWitnessLink } from '../lease-stores/witness-link.ts';
import { GuardBeats } from '../probes/guard-beats.ts';
import { startProbe } from '../probes/probe.ts';
import { openProcessService } from '../services/process-service.ts';
import { openSystemdService } from '../services/systemd-service.ts';
import { openSharedDirectory } from '../storage/shared-directory.ts';
import { loadCredentials } from '../tls/credentials.ts';
import { openChangeTracker } from './change-tracker.ts';
import { openDeadlineFile } from './deadline-file.ts';
import { noticeEngineDeath, noticeGuardKills, stopInEmergency } from './engine-incidents.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { startMemberApi } from './member-api.ts';
import { startMemberLoop, type MemberLoop } from './member-loop.ts';
import { openMemoryFile } from './member-memory.ts';
import { newRuntime, type MemberParts, type MemberProbes } from './member-parts.ts';
import { buildMemberSnapshot, observedRole } from './member-snapshot-builder.ts';
import { openPeerLink, type PeerStatus } from './peer-link.ts';
import { openServingMark } from './serving-mark.ts';

const processLookMs = 100;

/** Starts one member's agent: the composition root of everything below `agent/member`. */
export async function startMember(config: MemberConfig, clock: Clock): Promise<{ close(): Promise<void> }> {
  mkdirSync(config.paths.run, { recursive: true });
  const credentials = loadCredentials(config.paths.certificates);
  const journal = openJournal(join(config.paths.state, 'journal'), clock, config.cluster, config.server);
  const memory = openMemoryFile(config.paths.state, config);
  const runtime = newRuntime(clock.bootMs());
  const deadline = openDeadlineFile(config.paths.run);
  const servingMark = openServingMark(config.paths.run);
  const service =
    config.engine.service.kind === 'systemd'
      ? openSystemdService(config.engine.service.unit, config.cluster, clock)
      : openProcessService(config.engine.service, config.cluster, clock);
  const engine = openIguanaX({
    port: config.engine.apiPort,
    user: config.engine.apiUser,
    passwordFile: config.paths.enginePasswordFile,
    pollers: config.engine.pollers,
  });
  const storage = openSharedDirectory(config);
  const changes = openChangeTracker(config.server, memory, clock);
  const pokes = { loop: null as MemberLoop | null, stream: null as SnapshotStream | null };
  const poke = () => pokes.loop?.poke();
  const note = (sentence: string) =>
    journal.append({ kind: 'lease', sentence, epoch: memory.current().epoch });

  // An unclean end of our own lease: nothing is acquired before every trace of it has run out.
  const { epoch, ended } = memory.current();
  const uncleanWaitMs = (config.timing.T + clockDriftBound(config.timing.T)) * 1000;
  if (epoch > ended) runtime.acquireNotBeforeMs = clock.bootMs() + uncleanWaitMs;

  const keeper = new LeaseKeeper({
    clock,
    cluster: config.cluster,
    self: config.server,
    timing: config.timing,
    memory,
    deadline,
    openStore: (onAnswer, onOpen) => openWitnessLink(config, credentials, onAnswer, onOpen),
    emergencyStop: (why) => void stopInEmergency(parts, why, uncleanWaitMs).then(poke),
    note,
    onChange: poke,
  });
  const inherited = keeper.inherited(clock.bootMs());
  if (inherited !== null) runtime.startedEpoch = inherited.epoch;
  if (inherited !== null && servingMark.read() === inherited.epoch) runtime.serving = true;
  else servingMark.remove();

  const probes = startProbes();
  const peer = openPeerLink(config, credentials, clock, ownStatus, poke);
  const parts: MemberParts = {
    config,
    clock,
    journal,
    memory,
    keeper,
    service,
    engine,
    storage,
    probes,
    guards: new GuardBeats(config.paths.run),
    peer,
    changes,
    runtime,
    servingMark,
  };

  function startProbes(): MemberProbes {
    const { H, O } = config.timing;
    const process = startProbe({
      clock,
      everyMs: () => processLookMs,
      staleMs: 3_000,
      look: () => service.observe(),
      onLook: () => {
        noticeEngineDeath(parts);
        noticeGuardKills(parts);
        poke();
      },
    });
    const runs = () => process.fact(clock.bootMs()).value?.process !== 'stopped';
    const engineLook = startProbe({
      clock,
      // While it starts every look may be the one that opens the balancer.
      everyMs: () => (runs() && !runtime.serving ? 50 : Math.max(500, H * 1000)),
      staleMs: 10_000,
      look: () =>
        runs()
          ? engine.look(Math.max(1_000, O * 2_000))
          : Promise.resolve({ ok: false as const, error: 'the engine is stopped' }),
      onLook: poke,
    });
    const storageLook = startProbe({
      clock,
      everyMs: () => 3_000,
      staleMs: 15_000,
      look: () => (runtime.serving ? storage.prove() : storage.read()),
      onLook: poke,
    });
    return { process, engine: engineLook, storage: storageLook };
  }

  function ownStatus(): PeerStatus {
    const loop = pokes.loop;
    const facts = loop?.decision().facts;
    return {
      role: facts === undefined ? 'unknown' : observedRole(facts),
      wanted: facts?.lease.held === true ? 'active' : 'passive',
      epoch: memory.current().epoch,
      engineRunning:
        facts === undefined || facts.engine.process.value === null
          ? null
          : facts.engine.process.value !== 'stopped',
      blockers:
        facts === undefined
          ? [{ code: 'not-observed', reason: 'It has just started.', remedy: 'Wait.' }]
          : changeBlockers(facts),
      operation: changes.announced(),
    };
  }

  const startId = randomUUID();
  let revision = 0;
  let role = '';
  let roleSinceMs = clock.bootMs();
  const loop = startMemberLoop(parts, () => {
    const present = observedRole(loop.decision().facts);
    if (present !== role) roleSinceMs = clock.bootMs();
    role = present;
    revision += 1;
    pokes.stream?.changed();
  });
  pokes.loop = loop;
  const snapshot = () => buildMemberSnapshot(parts, loop, { startId, revision, roleSinceMs });
  const stream = openSnapshotStream(snapshot, journal, { minGapMs: 100, idleMs: 1_000 });
  pokes.stream = stream;

  const activeServer = await startActiveServer(
    { address: config.listen.address, port: config.listen.activePort },
    {
      active: () =>
        runtime.serving && (keeper.holdsNow() || (keeper.inherited(clock.bootMs())?.stopInMs ?? 0) > 0),
      passive: () => observedRole(loop.decision().facts) === 'passive',
      healthy: () => loop.decision().rule.verdict !== 'blocked',
      asked: (path, status) => {
        if (path === '/active' && status === 503) runtime.refusedAsks += 1;
      },
    },
  );
  const api = await startMemberApi(parts, loop, credentials, snapshot, stream);
  journal.append({
    kind: 'agent',
    sentence: `Agent of ${config.cluster} started on ${config.serverName}${inherited ? `; its engine runs under the guards' deadline of epoch ${inherited.epoch}` : ''}.`,
    epoch: memory.current().epoch,
  });

  return {
    async close() {
      loop.close();
      for (const probe of Object.values(probes)) probe.close();
      peer.close();
      stream.close();
      keeper.close();
      await Promise.all([api.close(), activeServer.close()]);
      journal.append({
        kind: 'agent',
        sentence: 'Agent stopped; the engine is not touched.',
        epoch: memory.current().epoch,
      });
      journal.close();
    },
  };
}
