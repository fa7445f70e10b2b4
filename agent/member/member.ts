import { randomUUID } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import { changeBlockers } from '../../shared/failover/blockers.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { clockDriftBound } from '../../shared/lease/timing.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { startActiveServer } from '../api/active-server.ts';
import { openSnapshotStream, type SnapshotStream } from '../api/snapshot-stream.ts';
import { openWitnessLink } from '../lease-stores/witness-link.ts';
import { loadCredentials, type Credentials } from '../tls/credentials.ts';
import { openDeadlineFile } from './deadline-file.ts';
import { stopInEmergency } from './engine-incidents.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { openMemberGround, type MemberGround } from './member-ground.ts';
import { startMemberApi } from './member-api.ts';
import { MemberLoop } from './member-loop.ts';
import { newRuntime, type MemberParts, type MemberRuntime } from './member-parts.ts';
import { startMemberProbes } from './member-probes.ts';
import { buildMemberSnapshot, observedRole } from './member-snapshot-builder.ts';
import { PeerLink, type PeerStatus } from './peer-link.ts';

/** Starts one member's agent. Rejects when a port is taken or its files cannot be used. */
export async function startMember(config: MemberConfig, clock: Clock): Promise<{ close(): Promise<void> }> {
  const member = new Member(config, clock);
  await member.listen();
  return member;
}

/** The composition root of everything below `agent/member`. */
class Member {
  private readonly config: MemberConfig;
  private readonly clock: Clock;
  private readonly credentials: Credentials;
  private readonly ground: MemberGround;
  private readonly runtime: MemberRuntime;
  private readonly parts: MemberParts;
  private readonly loop: MemberLoop;
  private readonly stream: SnapshotStream;
  private readonly startId = randomUUID();
  private revision = 0;
  private role = '';
  private roleSinceMs: number;
  private servers: { close(): Promise<void> }[] = [];
  /** Set once everything exists; callbacks before that have nobody to wake. */
  private poke: () => void = () => undefined;

  constructor(config: MemberConfig, clock: Clock) {
    this.config = config;
    this.clock = clock;
    this.credentials = loadCredentials(config.paths.certificates);
    this.ground = openMemberGround(config, clock);
    this.runtime = newRuntime(clock.bootMs());
    this.roleSinceMs = clock.bootMs();
    const keeper = this.startKeeper();
    this.parts = this.assemble(keeper);
    this.adopt(keeper);
    this.loop = new MemberLoop(this.parts, () => this.told());
    this.poke = () => this.loop.poke();
    this.stream = openSnapshotStream(() => this.snapshot(), this.ground.journal, {
      minGapMs: 100,
      idleMs: 1_000,
    });
  }

  /** Opens both ports. Until then nobody can see or ask anything, but the lease is kept already. */
  async listen(): Promise<void> {
    const { config, parts, loop } = this;
    this.servers.push(
      await startActiveServer(
        { address: config.listen.address, port: config.listen.activePort },
        {
          active: () => this.answersActive(),
          passive: () => observedRole(loop.decision().facts) === 'passive',
          healthy: () => loop.decision().rule.verdict !== 'blocked',
          asked: (path, status) => {
            if (path === '/active' && status === 503) this.runtime.refusedAsks += 1;
          },
        },
      ),
      await startMemberApi(parts, loop, this.credentials, () => this.snapshot(), this.stream),
    );
  }

  /** Ends the agent. The engine is not touched: only the deadline stops it. */
  async close(): Promise<void> {
    const { journal } = this.ground;
    this.loop.close();
    const { process: processLook, engine, storage } = this.parts.probes;
    for (const probe of [processLook, engine, storage]) probe.close();
    this.parts.peer.close();
    this.stream.close();
    this.parts.keeper.close();
    await Promise.all(this.servers.map((server) => server.close()));
    journal.append({
      kind: 'agent',
      sentence: 'Agent stopped; the engine is not touched.',
      epoch: this.epoch(),
    });
    journal.close();
  }

  private startKeeper(): LeaseKeeper {
    const { config, clock, credentials, ground } = this;
    const { epoch, ended } = ground.memory.current();
    const uncleanWaitMs = (config.timing.T + clockDriftBound(config.timing.T)) * 1000;
    // An unclean end of our own lease: nothing is acquired before every trace of it has run out.
    if (epoch > ended) this.runtime.acquireNotBeforeMs = clock.bootMs() + uncleanWaitMs;
    return new LeaseKeeper({
      clock,
      cluster: config.cluster,
      self: config.server,
      timing: config.timing,
      memory: ground.memory,
      deadline: openDeadlineFile(config.paths.run),
      openStore: (onAnswer, onOpen) => openWitnessLink(config, credentials, onAnswer, onOpen),
      emergencyStop: (why) => void stopInEmergency(this.parts, why, uncleanWaitMs).then(() => this.poke()),
      note: (sentence) => ground.journal.append({ kind: 'lease', sentence, epoch: this.epoch() }),
      onChange: () => this.poke(),
    });
  }

  private assemble(keeper: LeaseKeeper): MemberParts {
    const { config, clock, credentials, ground, runtime } = this;
    return {
      config,
      clock,
      ...ground,
      keeper,
      runtime,
      probes: startMemberProbes(
        ground,
        runtime,
        config,
        clock,
        () => this.parts,
        () => this.poke(),
      ),
      peer: new PeerLink({
        config,
        credentials,
        clock,
        own: () => this.ownStatus(),
        onChange: () => this.poke(),
      }),
    };
  }

  /** A restarted agent goes on where it was: the engine that runs under the guards' deadline is its own. */
  private adopt(keeper: LeaseKeeper): void {
    const { servingMark, journal } = this.ground;
    const inherited = keeper.inherited(this.clock.bootMs());
    if (inherited !== null) this.runtime.startedEpoch = inherited.epoch;
    if (inherited !== null && servingMark.read() === inherited.epoch) this.runtime.serving = true;
    else servingMark.remove();
    const engine = inherited
      ? `; its engine runs under the guards' deadline of epoch ${inherited.epoch}`
      : '';
    journal.append({
      kind: 'agent',
      sentence: `Agent of ${this.config.cluster} started on ${this.config.serverName}${engine}.`,
      epoch: this.epoch(),
    });
  }

  private answersActive(): boolean {
    const { keeper } = this.parts;
    const inherited = keeper.inherited(this.clock.bootMs());
    return this.runtime.serving && (keeper.holdsNow() || (inherited?.stopInMs ?? 0) > 0);
  }

  private told(): void {
    const present = observedRole(this.loop.decision().facts);
    if (present !== this.role) this.roleSinceMs = this.clock.bootMs();
    this.role = present;
    this.revision += 1;
    this.stream.changed();
  }

  private snapshot(): MemberSnapshot {
    const { startId, revision, roleSinceMs } = this;
    return buildMemberSnapshot(this.parts, this.loop.decision(), {
      startId,
      revision,
      roleSinceMs,
      answersActive: this.answersActive(),
    });
  }

  private ownStatus(): PeerStatus {
    const epoch = this.epoch();
    const operation = this.ground.changes.announced();
    if (this.loop === undefined) {
      const blocker = { code: 'not-observed', reason: 'It has just started.', remedy: 'Wait.' };
      return {
        role: 'unknown',
        wanted: 'passive',
        epoch,
        engineRunning: null,
        blockers: [blocker],
        operation,
      };
    }
    const { facts } = this.loop.decision();
    const process = facts.engine.process.value;
    return {
      role: observedRole(facts),
      wanted: facts.lease.held ? 'active' : 'passive',
      epoch,
      engineRunning: process === null ? null : process !== 'stopped',
      blockers: changeBlockers(facts),
      operation,
    };
  }

  private epoch(): number {
    return this.ground.memory.current().epoch;
  }
}
