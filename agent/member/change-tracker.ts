import type { OperationRecord, OperationStep } from '../../shared/agent-api/operation-record.ts';
import type { Clock } from '../../shared/clock.ts';
import { planOf, type ChangeKind, type StorageKind } from '../../shared/failover/plan.ts';
import type { OwnOperation, StepKind } from '../../shared/failover/member-facts.ts';
import type { Result } from '../../shared/result.ts';
import { askedSinceMs } from './asked-since.ts';
import type { MemoryFile, StoredOperation } from './member-memory.ts';

interface ChangeAbout {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly to: string;
  readonly requestedBy: string;
  readonly reason: string;
}

interface Followed extends Omit<OperationRecord, 'startedAgoMs' | 'steps'> {
  readonly startedMs: number;
  readonly steps: FollowedStep[];
}

type FollowedStep = Omit<OperationStep, 'startedAgoMs'> & { startedMs: number | null };

/** Follows the change that this member hands over or takes over, step by step, for people to see. */
export class ChangeTracker {
  private readonly self: string;
  private readonly memory: MemoryFile;
  private readonly clock: Clock;
  private readonly storage: StorageKind;
  private followed: Followed | null;

  constructor(self: string, memory: MemoryFile, clock: Clock, storage: StorageKind = 'shared') {
    this.self = self;
    this.memory = memory;
    this.clock = clock;
    this.storage = storage;
    const stored = memory.current().operation;
    this.followed = stored === null ? null : this.followOwn(stored);
  }

  /** The change that this member hands over, from its durable state. */
  own(): OwnOperation | null {
    return this.memory.current().operation;
  }

  /** The higher epoch with which the peer was seen Active since the own change began; null: never, or no change. */
  peerActiveEpoch(): number | null {
    return this.memory.current().operation?.peerActiveEpoch ?? null;
  }

  /** The peer is Active: kept with the own change, since its end is judged by that. Throws when it cannot be written. */
  notePeerActive(epoch: number): void {
    const { operation } = this.memory.current();
    if (operation === null || epoch <= operation.epoch || this.memory.damaged !== null) return;
    if (operation.peerActiveEpoch !== undefined && operation.peerActiveEpoch >= epoch) return;
    this.memory.update({ operation: { ...operation, peerActiveEpoch: epoch } });
  }

  /**
   * How long ago the own change was asked for, in milliseconds; null: this server was started anew since. One that does
   * not keep the time counts from the start of this agent.
   */
  ownSinceMs(): number | null {
    const asked = this.memory.current().operation?.asked;
    return asked === undefined
      ? this.clock.bootMs() - (this.followed?.startedMs ?? this.clock.bootMs())
      : askedSinceMs(this.clock, asked);
  }

  /** Makes a change durable and begins to follow it. Throws when it cannot be written. */
  begin(operation: StoredOperation): void {
    this.memory.update({ operation });
    this.followed = this.followOwn(operation);
  }

  /** This member begins to take over, in answer to the peer's change or by rule. */
  beginTakeOver(about: Omit<ChangeAbout, 'to'> & { readonly from: string | null }): void {
    this.followed = this.follow({ ...about, to: this.self }, about.from, 'target');
  }

  /** The lease went to somebody else before this member began anything: there is no change to show. */
  drop(): void {
    this.followed = null;
  }

  stepStarted(kind: StepKind): void {
    const step = this.runningStep(kind);
    if (step === undefined) return;
    step.state = 'running';
    step.startedMs ??= this.clock.bootMs();
  }

  stepEnded(kind: StepKind, outcome: Result<string, string>): void {
    const step = this.runningStep(kind);
    if (step === undefined || step.startedMs === null) return;
    step.state = outcome.ok ? 'done' : 'failed';
    step.tookMs = this.clock.bootMs() - step.startedMs;
    step.evidence = outcome.ok ? outcome.value : outcome.error;
  }

  /** Ends the change; the durable part is removed. */
  end(state: 'done' | 'rolled-back' | 'failed', sentence: string): void {
    if (this.memory.damaged === null && this.own() !== null) this.memory.update({ operation: null });
    if (this.followed === null) return;
    const steps = this.followed.steps.map((step) => this.closed(step, state === 'done'));
    this.followed = { ...this.followed, state, sentence, steps };
  }

  /** The change as people see it, running or last ended; null: none since this agent started. */
  record(): OperationRecord | null {
    if (this.followed === null) return null;
    const { startedMs, steps, ...rest } = this.followed;
    const nowMs = this.clock.bootMs();
    return {
      ...rest,
      startedAgoMs: nowMs - startedMs,
      steps: steps.map(({ startedMs: stepMs, ...step }) => ({
        ...step,
        startedAgoMs: stepMs === null ? null : nowMs - stepMs,
      })),
    };
  }

  /** The change the peer shall join, while it runs. */
  announced(): ChangeAbout | null {
    const own = this.own();
    if (own === null || own.to === this.self) return null;
    return { id: own.id, kind: own.kind, to: own.to, requestedBy: own.requestedBy, reason: own.reason };
  }

  running(): boolean {
    return this.followed?.state === 'running';
  }

  /** A step that nobody had to take, because its end was reached already, counts as done. */
  private closed(step: FollowedStep, done: boolean): FollowedStep {
    if (step.server !== this.self || step.state === 'done' || step.state === 'failed') return step;
    if (step.state === 'pending') return done ? { ...step, state: 'done', evidence: 'nothing to do' } : step;
    return { ...step, state: done ? 'done' : 'failed' };
  }

  private runningStep(kind: StepKind) {
    if (this.followed?.state !== 'running') return undefined;
    const step = this.followed.steps.find(
      (candidate) => candidate.id === kind && candidate.server === this.self,
    );
    return step?.state === 'done' ? undefined : step;
  }

  private followOwn(operation: StoredOperation): Followed {
    const takesOver = operation.to === this.self;
    return this.follow(operation, takesOver ? null : this.self, takesOver ? 'target' : 'all');
  }

  private follow(about: ChangeAbout, from: string | null, parts: 'all' | 'target'): Followed {
    const steps = planOf(about.kind, this.storage).filter((step) => parts === 'all' || step.by === 'target');
    return {
      id: about.id,
      kind: about.kind,
      from,
      to: about.to,
      requestedBy: about.requestedBy,
      reason: about.reason,
      startedWallTime: this.clock.wallTime(),
      startedMs: this.clock.bootMs(),
      state: 'running',
      sentence: '',
      steps: steps.map((step) => ({
        id: step.kind,
        title: step.title,
        server: step.by === 'source' ? this.self : about.to,
        state: 'pending',
        withoutActive: step.withoutActive,
        startedMs: null,
        tookMs: null,
        evidence: '',
      })),
    };
  }
}
