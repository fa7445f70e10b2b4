import type { MemoryFile } from '../../agent/member/member-memory.ts';
import { changeEnd } from '../../agent/member/change-end.ts';
import { ForcedLife } from '../../agent/member/forced-life.ts';
import { holderMemory } from '../../agent/member/lease-view.ts';
import type { MaintenanceKeeper } from '../../agent/member/maintenance-keeper.ts';
import { ChangeTracker } from '../../agent/member/change-tracker.ts';
import { observedRole } from '../../agent/member/member-snapshot-builder.ts';
import type { PeerStatus } from '../../agent/member/peer-link.ts';
import type { LeaseRequest } from '../../shared/agent-api/lease-frames.ts';
import { decide, decisionSentence, sameDecision, type RuleDecision } from '../../shared/failover/decide.ts';
import type { MemberFacts, Step, StepKind } from '../../shared/failover/member-facts.ts';
import type { ForcedAlone } from '../../shared/lease/forced.ts';
import { peerFit } from '../../shared/failover/rules/rule.ts';
import {
  endEpoch,
  forgetLease,
  leaseLeftMs,
  newHolder,
  prepareRequest,
  receiveAnswer,
  type HolderEffect,
  type HolderState,
} from '../../shared/lease/holder.ts';
import { answerLease } from '../../shared/lease/store.ts';
import { clockDriftBound, leaseInstants } from '../../shared/lease/timing.ts';
import type { Result } from '../../shared/result.ts';
import { gatherWorldFacts } from './world-facts.ts';
import { followForced, judgeWhileForced } from './world-forced.ts';
import { leaseOnMaintenance, maintenanceOf } from './world-maintenance.ts';
import { memoryOf } from './world-memory.ts';
import { statusOf } from './world-status.ts';
import { worldSteps, type StepRun } from './world-steps.ts';
import {
  otherOf,
  timing,
  turnMs,
  type AgentState,
  type WorldServer,
  type WorldState,
} from './world-server.ts';

const instants = leaseInstants(timing);
const uncleanWaitMs = (timing.T + clockDriftBound(timing.T)) * 1000;
const softRefusals = new Set(['live', 'reserved', 'epoch', 'blocked', 'maintenance']);

/** One run of a member's agent; what it remembers is lost with it. */
export class WorldAgent implements AgentState {
  readonly world: WorldState;
  readonly server: WorldServer;
  readonly memory: MemoryFile;
  readonly changes: ChangeTracker;
  readonly forced: ForcedLife;
  readonly maintenance: MaintenanceKeeper;
  holder: HolderState;
  feeding = false;
  found: { readonly epoch: number; readonly atMs: number } | null = null;
  lost: number | null = null;
  serving = false;
  startedEpoch: number | null = null;
  pollersStarted = false;
  provenEpoch: number | null = null;
  generation: number | null = null;
  readonly failures = new Map<StepKind, { count: number; sinceMs: number; atMs: number; why: string }>();
  crashes: number[] = [];
  acquireNotBeforeMs: number;
  standsBack = false;
  freeSinceMs: number | null = null;
  peerFitSinceMs: number | null = null;
  status: { readonly told: PeerStatus; readonly atMs: number } | null = null;
  facts: MemberFacts | null = null;
  private rule: RuleDecision | null = null;
  private step: { readonly step: Step; readonly by: RuleDecision; readonly run: StepRun } | null = null;
  lookedMs: number;
  readonly startedMs: number;
  private role: string | null = null;
  /** What has happened since the last turn that may change the role. */
  private cause: string | null = null;
  private stopAtMs = Infinity;
  private periodMs = 0;

  constructor(world: WorldState, server: WorldServer) {
    this.world = world;
    this.server = server;
    this.startedMs = world.nowMs;
    this.lookedMs = world.nowMs;
    this.memory = memoryOf(server);
    const clock = { bootMs: () => world.nowMs, wallTime: () => `${world.ageMs()} ms` };
    this.changes = new ChangeTracker(server.name, this.memory, clock);
    const { epoch, ended } = server.disk;
    this.holder = newHolder(holderMemory(this.memory));
    this.maintenance = maintenanceOf(world, `ig-${otherOf(server.name)}`, this.memory);
    this.acquireNotBeforeMs = epoch > ended ? world.nowMs + uncleanWaitMs : world.nowMs;
    this.adopt();
    const foundRunning = this.found !== null && this.inheritedStopMs() > 0;
    const peer = { heard: () => this.status?.told ?? null };
    this.forced = new ForcedLife({
      clock,
      memory: this.memory,
      self: server.name,
      timing,
      peer,
      foundRunning,
    });
  }

  /** A restarted agent goes on where it was: the engine that runs under the guards' deadline is its own. */
  private adopt(): void {
    const { run, disk } = this.server;
    const own = run.deadline?.epoch === disk.epoch && disk.epoch > disk.ended;
    if (!own) {
      run.deadline = null;
      run.mark = null;
      return;
    }
    this.found = run.deadline;
    this.feeding = true;
    this.stopAtMs = (run.deadline?.atMs ?? 0) - (instants.guardKillMs - instants.ownStopMs);
    this.startedEpoch = disk.epoch;
    if (run.mark?.epoch !== disk.epoch) return void (run.mark = null);
    this.serving = true;
    this.pollersStarted = run.mark.pollersStarted;
  }

  turn(): void {
    const { nowMs } = this.world;
    if (nowMs >= this.periodMs || this.forced.firstHeard()) this.renew();
    if (this.feeding && nowMs >= this.stopAtMs) this.emergency();
    this.noticeDeath();
    this.writeDownEnds();
    this.maintenance.forgetWhenOver(() => leaseOnMaintenance(this), nowMs);
    this.facts = gatherWorldFacts(this);
    this.peerFitSinceMs = peerFit(this.facts) ? (this.peerFitSinceMs ?? nowMs) : null;
    this.lookedMs = nowMs;
    const before = this.rule;
    this.rule = decide(this.facts);
    this.followRole();
    if (before === null || !sameDecision(before, this.rule))
      this.tell(`${this.rule.ruleId} ${decisionSentence(this.rule)}`);
    this.tellPeer();
    if (this.step === null) this.begin(this.rule);
    else this.goOn();
  }

  /** What leads from one role to the next, for the diagram of them. */
  private followRole(): void {
    if (this.facts === null) return;
    const to = observedRole(this.facts);
    const because =
      this.cause ?? (this.changes.own() === null ? 'its lease is lost' : 'a change is asked for');
    if (this.role !== null && this.role !== to) this.world.roles.push({ from: this.role, to, because });
    this.role = to;
    this.cause = null;
  }

  get busy(): boolean {
    return this.step !== null;
  }

  leaseHeld(): boolean {
    if (this.forced.lives()) return true;
    return leaseLeftMs(this.holder, this.world.nowMs) > instants.validMs - instants.ownStopMs;
  }

  inheritedStopMs(): number {
    if (this.found === null) return 0;
    return this.found.atMs - (instants.guardKillMs - instants.ownStopMs) - this.world.nowMs;
  }

  answersActive(): boolean {
    const left = leaseLeftMs(this.holder, this.world.nowMs) > clockDriftBound(timing.T) * 1000;
    return this.serving && (this.forced.lives() || left || this.inheritedStopMs() > 0);
  }

  /** Asks the store; null: it does not answer, or may not be asked. */
  ask(body: Parameters<typeof prepareRequest>[2]): LeaseRequest | null {
    const prepared = prepareRequest(this.holder, 'WK1', body, this.world.nowMs, timing);
    if (prepared === null || !this.world.heard('store')) return null;
    this.holder = prepared.state;
    return prepared.request;
  }

  /** The store's answer to one request, taken in: effects that need the disk are on it before they count. */
  answer(request: LeaseRequest): {
    readonly refused: string | null;
    readonly effects: readonly HolderEffect[];
  } {
    const { world } = this;
    const turn = answerLease(world.store, this.server.name, request, world.nowMs);
    world.store = turn.state;
    return this.takeIn({ id: request.id, ...turn.answer });
  }

  takeIn(answer: Parameters<typeof receiveAnswer>[1]) {
    const { state, effects } = receiveAnswer(this.holder, answer, this.world.nowMs, timing);
    for (const effect of effects) {
      if (effect.kind === 'granted') {
        if (this.feeding && state.lease !== null) this.writeDeadline(state.lease);
        this.memory.update({ epoch: effect.epoch, expelled: undefined });
      }
      if (effect.kind === 'pin-store') this.memory.update({ storeId: effect.storeId });
    }
    this.holder = state;
    for (const effect of effects) {
      if (effect.kind === 'granted' || effect.kind === 'renewed') this.lost = null;
      if (effect.kind === 'renewed') this.feed();
      if (effect.kind === 'lost') {
        this.lost = effect.epoch;
        this.emergency();
      }
    }
    judgeWhileForced(this, answer);
    return { refused: answer.result === 'refused' ? answer.why : null, effects };
  }

  forceAlone(forced: ForcedAlone): void {
    this.memory.update({ epoch: forced.epoch, forced, tookOver: 'asked', expelled: undefined });
    this.forced.begin();
    this.rememberAnew();
  }

  stopForGood(why: string): void {
    this.lost = this.server.disk.epoch;
    this.tell(`The engine is stopped: ${why}.`);
    this.emergency();
  }

  arm(): boolean {
    const { lease } = this.holder;
    if (this.forced.lives()) {
      this.feeding = true;
      this.writeDeadline({ epoch: this.server.disk.epoch, sentMs: this.world.nowMs });
      return true;
    }
    if (lease === null || this.world.nowMs >= lease.sentMs + instants.ownStopMs) return false;
    this.feeding = true;
    this.writeDeadline(lease);
    return true;
  }

  rememberAnew(): void {
    this.holder = { ...forgetLease(this.holder), memory: holderMemory(this.memory) };
    this.lost = null;
  }

  disarm(): void {
    this.feeding = false;
    this.found = null;
    this.stopAtMs = Infinity;
    this.server.run.deadline = null;
  }

  stopEngine(): void {
    this.server.engine = { running: false, listeners: false, pollers: false };
    this.startedEpoch = null;
  }

  endEpoch(epoch: number): void {
    this.memory.update({ ended: epoch });
    this.holder = endEpoch(this.holder, epoch);
    this.disarm();
  }

  private renew(): void {
    const { disk } = this.server;
    this.periodMs = this.world.nowMs + timing.H * 1000;
    const open = this.server.mode !== 'observe' && this.lost !== disk.epoch;
    const renews = open && this.forced.mayRenew(this.holder.lease !== null);
    const request = this.ask({ op: renews ? 'renew' : 'read' });
    if (request !== null) this.answer(request);
    if (!this.forced.lives()) return;
    this.found = null;
    if (this.feeding) this.writeDeadline({ epoch: disk.epoch, sentMs: this.world.nowMs });
  }

  private feed(): void {
    const { lease } = this.holder;
    if (!this.feeding || lease === null) return;
    this.found = null;
    this.writeDeadline(lease);
  }

  private writeDeadline(lease: { readonly epoch: number; readonly sentMs: number }): void {
    this.server.run.deadline = { epoch: lease.epoch, atMs: lease.sentMs + instants.guardKillMs };
    this.stopAtMs = lease.sentMs + instants.ownStopMs;
  }

  private emergency(): void {
    if (this.forced.lives()) this.lost = this.server.disk.epoch;
    this.forced.end();
    this.holder = forgetLease(this.holder);
    this.found = null;
    if (!this.feeding) return;
    this.serving = false;
    this.server.run.mark = null;
    this.stopEngine();
    this.disarm();
    this.acquireNotBeforeMs = this.world.nowMs + uncleanWaitMs;
    this.standsBack = false;
    this.cause = 'stopped at once';
    this.tell('The engine was stopped at once.');
  }

  private noticeDeath(): void {
    if (this.server.engine.running || this.step !== null) return;
    const unexpected = this.startedEpoch !== null;
    if (unexpected || this.serving) this.server.run.mark = null;
    this.startedEpoch = null;
    this.serving = false;
    if (!unexpected) return;
    this.disarm();
    this.crashes.push(this.world.nowMs);
    this.cause = 'its engine dies';
    this.tell('The engine died; nobody had asked it to stop.');
  }

  private writeDownEnds(): void {
    if (this.facts !== null) followForced(this, this.facts);
    const { epoch, ended } = this.server.disk;
    const stopped = !this.server.engine.running && this.step === null;
    if (this.lost === epoch && ended < epoch && stopped) this.endEpoch(epoch);
    const record = this.changes.record();
    if (record?.state !== 'running' || this.facts === null || this.step !== null) return;
    const end = changeEnd(this.changes, this.facts);
    if (end === null) return;
    this.changes.end(end.state, end.sentence);
    if (end.state === 'rolled-back') this.peerFitSinceMs = null;
    this.world.ends.push(`${this.server.name} ${record.kind} ${end.state}`);
    this.tell(end.sentence);
  }

  private tellPeer(): void {
    const peer = this.world.servers[this.server.name === 'north' ? 'south' : 'north'].agent;
    if (peer === null || !this.world.heard('link') || this.facts === null) return;
    peer.status = { told: statusOf(this, this.facts), atMs: this.world.nowMs };
  }

  private begin(by: RuleDecision): void {
    const step = by.verdict === 'act' ? by.steps[0] : undefined;
    if (step === undefined) return;
    if (step.kind === 'acquire') this.beginTakeOver(by);
    this.changes.stepStarted(step.kind);
    this.step = { step, by, run: worldSteps[step.kind](this, step) };
    this.goOn();
  }

  private beginTakeOver(by: RuleDecision): void {
    const announced = this.status?.told.operation;
    if (announced?.to === this.server.name) {
      if (this.changes.record()?.id === announced.id) return;
      return this.changes.beginTakeOver({ ...announced, kind: 'switchover', from: null });
    }
    if (this.changes.own() !== null || this.changes.running()) return;
    const id = `failover-${this.server.disk.epoch + 1}-${this.world.nowMs}`;
    const about = {
      id,
      kind: 'failover',
      from: null,
      requestedBy: `rule ${by.ruleId}`,
      reason: by.reason,
    } as const;
    this.changes.beginTakeOver(about);
  }

  /** One effect of the step a turn; whoever watches may end this agent after it. */
  private goOn(): void {
    if (this.step === null) return;
    const { step, by, run } = this.step;
    this.cause = `${by.ruleId} ${step.kind}`;
    const failing = this.server.failing.get(step.kind);
    const next =
      failing === undefined
        ? run.next()
        : { done: true as const, value: { ok: false as const, error: failing } };
    if (next.done !== true) return this.world.onEffect(this.server.name, `${step.kind}: ${next.value}`);
    this.step = null;
    this.noteOutcome(step, by, next.value);
    this.world.onEffect(this.server.name, `${step.kind}: ended`);
  }

  private noteOutcome(step: Step, by: RuleDecision, outcome: Result<string, string>): void {
    const { nowMs } = this.world;
    const soft =
      !outcome.ok && (step.kind === 'acquire' || step.kind === 'force') && softRefusals.has(outcome.error);
    if (outcome.ok) this.failures.delete(step.kind);
    else if (!soft) {
      const before = this.failures.get(step.kind);
      const count = (before?.count ?? 0) + 1;
      const sinceMs = before?.sinceMs ?? nowMs - turnMs;
      this.failures.set(step.kind, { count, sinceMs, atMs: nowMs, why: outcome.error });
    }
    if (soft && this.changes.own() === null) return this.changes.drop();
    this.changes.stepEnded(step.kind, outcome);
    if (soft) return;
    this.tell(`${by.ruleId} step ${step.kind}: ${outcome.ok ? outcome.value : `failed: ${outcome.error}`}`);
  }

  tell(sentence: string): void {
    this.world.note(this.server.name, sentence);
  }
}
