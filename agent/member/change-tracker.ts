import type { OperationRecord, OperationStep } from '../../shared/agent-api/operation-record.ts';
import type { Clock } from '../../shared/clock.ts';
import { plans, type ChangeKind } from '../../shared/failover/plan.ts';
import type { OwnOperation, StepKind } from '../../shared/failover/member-facts.ts';
import type { MemoryFile, StoredOperation } from './member-memory.ts';

/** Follows the change that this member hands over or takes over, step by step, for people to see. */
export interface ChangeTracker {
  /** The change that this member hands over, from its durable state. */
  own(): OwnOperation | null;
  /** Makes a change durable and begins to follow it. Throws when it cannot be written. */
  begin(operation: StoredOperation): void;
  /** This member begins to take over, in answer to the peer's change or by rule. */
  beginTakeOver(about: {
    id: string;
    kind: ChangeKind;
    from: string | null;
    requestedBy: string;
    reason: string;
  }): void;
  /** The lease went to somebody else before this member began anything: there is no change to show. */
  drop(): void;
  stepStarted(kind: StepKind): void;
  stepEnded(kind: StepKind, ok: boolean, evidence: string): void;
  /** Ends the change; the durable part is removed. */
  end(state: 'done' | 'rolled-back' | 'failed', sentence: string): void;
  /** The change as people see it, running or last ended; null: none since this agent started. */
  record(): OperationRecord | null;
  /** The change the peer shall join, while it runs. */
  announced(): { id: string; kind: string; to: string; requestedBy: string; reason: string } | null;
  running(): boolean;
}

interface Followed extends Omit<OperationRecord, 'startedAgoMs' | 'steps'> {
  readonly startedMs: number;
  readonly steps: (Omit<OperationStep, 'startedAgoMs'> & { startedMs: number | null })[];
}

export function openChangeTracker(self: string, memory: MemoryFile, clock: Clock): ChangeTracker {
  const stored = memory.damaged === null ? memory.current().operation : null;
  let followed: Followed | null = stored === null ? null : follow(stored, self, 'all');

  function follow(
    about: { id: string; kind: ChangeKind; to: string; requestedBy: string; reason: string },
    from: string | null,
    parts: 'all' | 'target',
  ): Followed {
    const steps = plans[about.kind].filter((step) => parts === 'all' || step.by === 'target');
    return {
      id: about.id,
      kind: about.kind,
      from,
      to: about.to,
      requestedBy: about.requestedBy,
      reason: about.reason,
      startedWallTime: clock.wallTime(),
      startedMs: clock.bootMs(),
      state: 'running',
      sentence: '',
      steps: steps.map((step) => ({
        id: step.kind,
        title: step.title,
        server: step.by === 'source' ? self : about.to,
        state: 'pending',
        withoutActive: step.withoutActive,
        startedMs: null,
        tookMs: null,
        evidence: '',
      })),
    };
  }

  return {
    own: () => memory.current().operation,
    begin(operation) {
      memory.update({ operation });
      followed = follow(operation, self, 'all');
    },
    beginTakeOver(about) {
      followed = follow({ ...about, to: self }, about.from, 'target');
    },
    drop() {
      followed = null;
    },
    stepStarted(kind) {
      const step = followed?.steps.find((candidate) => candidate.id === kind && candidate.server === self);
      if (followed?.state !== 'running' || step === undefined || step.state === 'done') return;
      step.state = 'running';
      step.startedMs ??= clock.bootMs();
    },
    stepEnded(kind, ok, evidence) {
      const step = followed?.steps.find((candidate) => candidate.id === kind && candidate.server === self);
      if (
        followed?.state !== 'running' ||
        step === undefined ||
        step.startedMs === null ||
        step.state === 'done'
      )
        return;
      step.state = ok ? 'done' : 'failed';
      step.tookMs = clock.bootMs() - step.startedMs;
      step.evidence = evidence;
    },
    end(state, sentence) {
      if (memory.damaged === null && memory.current().operation !== null) memory.update({ operation: null });
      if (followed === null) return;
      for (const step of followed.steps)
        if (step.state === 'running') step.state = state === 'done' ? 'done' : 'failed';
      followed = { ...followed, state, sentence };
    },
    record() {
      if (followed === null) return null;
      const { startedMs, steps, ...rest } = followed;
      const nowMs = clock.bootMs();
      return {
        ...rest,
        startedAgoMs: nowMs - startedMs,
        steps: steps.map(({ startedMs: stepMs, ...step }) => ({
          ...step,
          startedAgoMs: stepMs === null ? null : nowMs - stepMs,
        })),
      };
    },
    announced() {
      const own = memory.current().operation;
      return own === null
        ? null
        : { id: own.id, kind: own.kind, to: own.to, requestedBy: own.requestedBy, reason: own.reason };
    },
    running: () => followed?.state === 'running',
  };
}
