import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import { peerFit } from '../../shared/failover/rules/rule.ts';
import type { EvidenceReport } from '../../shared/agent-api/member-evidence.ts';
import { endsTold, type MemberSnapshot, type ObservedRole } from '../../shared/agent-api/member-snapshot.ts';
import { clockDriftBound } from '../../shared/lease/timing.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { BalancerState } from '../api/active-answers.ts';
import type { Dial } from '../api/dial.ts';
import { HeldChecks } from '../api/held-checks.ts';
import { cutDial, RehearsedCuts } from '../api/rehearsed-cuts.ts';
import type { Files } from '../durable/files.ts';
import type { CertificateTold } from '../tls/tls-side.ts';
import { openStoreLink } from '../lease-stores/open-store-link.ts';
import { openDeadlineFile } from './deadline-file.ts';
import { stopInEmergency } from './engine-incidents.ts';
import { handBack } from './hand-back.ts';
import { CopyKeeper } from '../copying/copy-keeper.ts';
import { LedgerKeeper } from '../ledger/ledger-keeper.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { noticePeer } from './member-findings.ts';
import { permittedDeadline, permittedDevices, permittedStore } from './permitted.ts';
import { openMemberGround, type MemberDevices, type MemberGround } from './member-ground.ts';
import { MaintenanceKeeper } from './maintenance-keeper.ts';
import { evidenceReport } from './member-evidence.ts';
import type { Poke } from './lease-keeper-ports.ts';
import { MemberLoop } from './member-loop.ts';
import { newRuntime, type MemberParts, type MemberRuntime } from './member-parts.ts';
import { startMemberProbes } from './member-probes.ts';
import { placeOf } from '../storage/copied-directory.ts';
import { takeStorePin } from './accept-store-replacement.ts';
import { buildMemberSnapshot, observedRole, roleSentence } from './member-snapshot-builder.ts';
import { keepPlanned, turnPlanned } from './keep-planned.ts';
import { PeerLink, type PeerStatus } from './peer-link.ts';
import { statusBeforeLooking, statusForPeer } from './status-for-peer.ts';
import { takeGrant } from './take-grant.ts';

/** What a member stands in: time, files, network, and the devices that it works on. */
export interface MemberOutside {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly files: Files;
  readonly dial: Dial;
  readonly devices: MemberDevices;
  /** Tells a server from its clone; absent where machines have no id. */
  readonly machineId?: string | null;
  /** What is told of its certificate; absent where there is none. */
  readonly certificate?: () => CertificateTold;
  /** How notifications stand, where some are configured, and what people know of. */
  readonly notifications?: () => Pick<MemberSnapshot, 'notifications' | 'acknowledged'>;
  /** What is to be told to consoles has changed. */
  readonly onTold: () => void;
}

/** Minutes matter to people, not to machines. */
const scheduleEveryMs = 1_000;

/** One member without its servers: everything below `agent/member`, wired. Throws when its files cannot be used. */
export class Member {
  private readonly config: MemberConfig;
  private readonly outside: MemberOutside;
  private readonly clock: Clock;
  private readonly ground: MemberGround;
  private readonly runtime: MemberRuntime;
  private readonly cuts: RehearsedCuts;
  private readonly parts: MemberParts;
  private readonly loop: MemberLoop;
  private readonly startId = randomUUID();
  private revision = 0;
  private role = '';
  private roleSinceMs: number;
  private readonly endSchedule: CancelTimer;
  /** Set once everything exists; callbacks before that have nobody to wake. */
  private poke: Poke = () => undefined;

  constructor(config: MemberConfig, outside: MemberOutside) {
    const { clock, files, devices } = outside;
    this.config = config;
    this.cuts = new RehearsedCuts(clock, outside.timers);
    this.outside = { ...outside, dial: cutDial(outside.dial, this.cuts, outside.timers) };
    this.clock = clock;
    const permitted = permittedDevices(config.mode, devices);
    this.ground = openMemberGround(config, clock, files, permitted, outside.machineId ?? null);
    this.runtime = newRuntime(clock.bootMs());
    this.roleSinceMs = clock.bootMs();
    const keeper = this.startKeeper();
    this.parts = this.assemble(keeper);
    this.adopt(keeper);
    this.loop = new MemberLoop(this.parts, () => this.told());
    this.poke = (kind) => this.loop.poke(kind);
    keepPlanned(this.parts, files);
    this.endSchedule = outside.timers.every(scheduleEveryMs, () => this.lookAtSchedule());
  }

  /** What the status page, the stream and the commands of this member work on. */
  served(): { readonly parts: MemberParts; readonly loop: MemberLoop } {
    const { parts, loop } = this;
    return { parts, loop };
  }

  /** What load balancers are answered, made at the moment of the question. */
  balancerAnswers(): BalancerState {
    const { loop, runtime } = this;
    return {
      held: this.parts.heldChecks,
      active: () => this.answersActive(),
      passive: () => observedRole(loop.decision().facts) === 'passive',
      healthy: () => loop.decision().rule.verdict !== 'blocked',
      asked: (path: string, status: number) => {
        if (path === '/active' && status === 503) runtime.refusedAsks += 1;
      },
    };
  }

  /** Ends deciding for good and, when the whole server stops, gives the lease back. */
  async leave(serverStops: boolean): Promise<void> {
    this.loop.close();
    if (!serverStops) return;
    const { facts } = this.loop.decision();
    const done = await handBack(this.parts, peerFit(facts) ? facts.peer.server : null);
    if (done === null) return;
    const sentence = `${this.config.serverName} shuts down: ${done}.`;
    this.ground.journal.append({ kind: 'lease', sentence, epoch: this.epoch() });
  }

  /** Ends the agent. The engine is not touched: only the deadline stops it. */
  close(): void {
    const { journal } = this.ground;
    this.loop.close();
    this.endSchedule();
    for (const probe of Object.values(this.parts.probes) as { close(): void }[]) probe.close();
    this.parts.copies?.close();
    this.parts.peer.close();
    this.parts.keeper.close();
    this.cuts.close();
    this.ground.ownEnds.leave();
    journal.append({
      kind: 'agent',
      sentence: 'Agent stopped; the engine is not touched.',
      epoch: this.epoch(),
    });
    journal.close();
  }

  private startKeeper(): LeaseKeeper {
    const { config, clock, outside, ground } = this;
    const { epoch, ended } = ground.memory.current();
    const uncleanWaitMs = (config.timing.T + clockDriftBound(config.timing.T)) * 1000;
    // An unclean end of our own lease: nothing is acquired before every trace of it has run out.
    if (epoch > ended) this.runtime.acquireNotBeforeMs = clock.bootMs() + uncleanWaitMs;
    const note = (sentence: string) => {
      const epoch = this.epoch();
      // The disk is never waited for between a lease that changed and what must be done about it.
      outside.timers.soon(() => ground.journal.append({ kind: 'lease', sentence, epoch }));
    };
    return new LeaseKeeper({
      clock,
      timers: outside.timers,
      cluster: config.cluster,
      self: config.server,
      timing: config.timing,
      memory: ground.memory,
      observes: config.mode === 'observe',
      deadline: permittedDeadline(config.mode, openDeadlineFile(config.paths.run, outside.files)),
      openStore: (onAnswer, onOpen) =>
        permittedStore(
          config.mode,
          openStoreLink(config, { ...outside, cuts: this.cuts }, onAnswer, onOpen, note),
        ),
      peer: {
        name: config.peer.serverName,
        tell: (frame) => this.parts.peer.tell(frame),
        understands: () => this.parts.peer.understandsPeerMode(),
        heard: () => this.parts.peer.facts(clock.bootMs()).status ?? null,
      },
      engineRunning: () => this.engineRunning(),
      onGranted: (grant) => takeGrant(this.parts, grant),
      emergencyStop: (cause) =>
        void stopInEmergency(this.parts, cause, uncleanWaitMs).then(() => this.poke()),
      note,
      onChange: (kind) => this.poke(kind),
    });
  }

  private assemble(keeper: LeaseKeeper): MemberParts {
    const { config, clock, ground, runtime } = this;
    const { timers, dial } = this.outside;
    const maintenance = this.openMaintenance();
    return {
      config,
      clock,
      timers,
      ...ground,
      keeper,
      maintenance,
      runtime,
      probes: startMemberProbes(
        ground,
        runtime,
        config,
        clock,
        timers,
        () => this.parts,
        () => this.poke(),
      ),
      peer: new PeerLink({
        config,
        dial,
        clock,
        timers,
        isCut: () => this.cuts.isCut('peer'),
        own: () => this.ownStatus(),
        onBeat: (status) => keeper.peerHeard(status),
        onChange: () => this.poke(),
        onPinStore: (frame) => takeStorePin(this.parts, frame),
        onLedger: (frame) => this.parts.ledger.takeFrame(frame),
        onPeerMode: (frame, reply) => keeper.peerMode.takeFrame(frame, reply),
        onMaintenance: (frame, reply) => {
          maintenance.takeFrame(frame, reply);
          this.poke();
        },
      }),
      ledger: this.openLedger(),
      copies: this.openCopies(),
      heldChecks: new HeldChecks(),
      cuts: this.cuts,
    };
  }

  private openMaintenance(): MaintenanceKeeper {
    const { config, clock, ground, outside } = this;
    return new MaintenanceKeeper({
      clock,
      timers: outside.timers,
      cluster: config.cluster,
      peerName: config.peer.serverName,
      memory: ground.memory,
      limitMs: config.timing.O * 1000,
      tell: (frame) => this.parts.peer.askMaintenance(frame),
      note: (sentence) => ground.journal.append({ kind: 'command', sentence, epoch: this.epoch() }),
    });
  }

  private openLedger(): LedgerKeeper {
    const { config, clock, ground, outside } = this;
    const { siteId, cluster, server, paths } = config;
    return new LedgerKeeper({
      about: { siteId, cluster, server },
      runFolder: paths.run,
      clock,
      files: outside.files,
      storage: ground.storage,
      engine: ground.engine,
      share: (frame) => this.parts.peer.share(frame),
      note: (sentence, fine) =>
        ground.journal.append({ kind: fine ? 'agent' : 'alarm', sentence, epoch: this.epoch() }),
    });
  }

  private openCopies(): CopyKeeper | null {
    const { config, clock, ground, outside } = this;
    if (config.storage.kind !== 'copied' || ground.copyScript === undefined) return null;
    return new CopyKeeper({
      script: ground.copyScript,
      storage: config.storage,
      place: placeOf(config.storage),
      stateFile: join(config.paths.run, 'copied'),
      peerName: config.peer.serverName,
      files: outside.files,
      clock,
      timers: outside.timers,
      epoch: () => this.copiedEpoch(),
      onChange: () => this.poke(),
      note: (sentence, fine) =>
        ground.journal.append({ kind: fine ? 'agent' : 'alarm', sentence, epoch: this.epoch() }),
    });
  }

  /** Only whoever holds the lease copies, and only what its engine was allowed to write. */
  private copiedEpoch(): number | null {
    if (this.parts === undefined) return null;
    const { keeper, runtime, memory, clock } = this.parts;
    const { epoch, ended } = memory.current();
    const mayRun = keeper.holdsNow() || (keeper.inherited(clock.bootMs())?.stopInMs ?? 0) > 0;
    return mayRun && runtime.startedEpoch !== null && epoch > ended ? epoch : null;
  }

  /** A restarted agent goes on where it was: the engine that runs under the guards' deadline is its own. */
  private adopt(keeper: LeaseKeeper): void {
    const { servingMark, journal } = this.ground;
    const inherited = keeper.inherited(this.clock.bootMs());
    if (inherited !== null) this.runtime.startedEpoch = inherited.epoch;
    const mark = servingMark.read();
    if (inherited !== null && mark?.epoch === inherited.epoch) {
      this.runtime.serving = true;
      this.runtime.pollersStarted = mark.pollersStarted;
      this.runtime.adoptedLife = mark.life;
    } else servingMark.remove();
    const engine = inherited
      ? `; its engine runs under the guards' deadline of epoch ${inherited.epoch}`
      : '';
    journal.append({
      kind: 'agent',
      sentence: `Agent of ${this.config.cluster} started on ${this.config.serverName}${engine}.`,
      epoch: this.epoch(),
    });
    this.tellOwnEnds();
  }

  private tellOwnEnds(): void {
    const ends = this.ground.ownEnds.lately();
    if (ends < endsTold) return;
    this.ground.journal.append({
      kind: 'alarm',
      sentence: `The agent of ${this.config.cluster} on ${this.config.serverName} has died ${ends} times in the last ten minutes.`,
      epoch: this.epoch(),
    });
  }

  private answersActive(): boolean {
    const { keeper } = this.parts;
    // Before it is armed a load balancer may go on asking: it is sent where the engine runs.
    if (this.config.mode !== undefined && !keeper.holdsNow()) return this.engineRunning() === true;
    const inherited = keeper.inherited(this.clock.bootMs());
    return this.runtime.serving && (keeper.holdsNow() || (inherited?.stopInMs ?? 0) > 0);
  }

  private told(): void {
    const present = observedRole(this.loop.decision().facts);
    if (present !== this.role) this.noteRole(present);
    noticePeer(this.parts);
    this.revision += 1;
    this.outside.onTold();
  }

  /** Beside the loop: what is scheduled or waits for a second person waits for its turn, and delays nothing. */
  private lookAtSchedule(): void {
    if (!turnPlanned(this.parts, this.loop.decision().facts)) return;
    this.told();
    this.loop.poke();
  }

  private noteRole(role: ObservedRole): void {
    this.role = role;
    this.roleSinceMs = this.clock.bootMs();
    const { config, ground } = this;
    ground.journal.append({
      kind: 'role',
      sentence: roleSentence(config.serverName, role, this.epoch()),
      verdict: role,
      epoch: this.epoch(),
    });
  }

  snapshot(): MemberSnapshot {
    const { startId, revision, roleSinceMs } = this;
    const snapshot = buildMemberSnapshot(this.parts, this.loop.decision(), {
      startId,
      revision,
      roleSinceMs,
      answersActive: this.answersActive(),
    });
    return { ...snapshot, ...this.outside.notifications?.(), ...this.outside.certificate?.() };
  }

  /** Writes into the journal what a person should look into. */
  alarm(sentence: string): void {
    this.outside.timers.soon(() =>
      this.ground.journal.append({ kind: 'alarm', sentence, epoch: this.epoch() }),
    );
  }

  evidence(): EvidenceReport {
    return evidenceReport(this.parts, this.loop.decision().facts, this.answersActive());
  }

  private ownStatus(): PeerStatus {
    if (this.loop === undefined) return statusBeforeLooking(this.epoch(), this.ground.changes.announced());
    return statusForPeer(this.parts, this.loop.decision().facts, this.engineRunning());
  }

  /** By the last look; null: not known. */
  private engineRunning(): boolean | null {
    const found = this.parts.probes.process.fact(this.clock.bootMs()).value;
    return found === null ? null : found.process !== 'stopped';
  }

  private epoch(): number {
    return this.ground.memory.current().epoch;
  }
}
