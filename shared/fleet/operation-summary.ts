import type { OperationRecord, OperationStep } from '../agent-api/operation-record.ts';

/** Figures of one operation, `elapsedMs` after the snapshot that holds its record. */
export interface OperationSummary {
  /** Sum of the steps that ran without an Active, the running one included. */
  readonly withoutActiveMs: number;
  readonly totalMs: number;
  readonly running: OperationStep | null;
  readonly doneCount: number;
  /** True once any step without an Active has begun. */
  readonly interrupted: boolean;
}

export function operationSummary(operation: OperationRecord, elapsedMs: number): OperationSummary {
  const spans = operation.steps.map((step) => ({ step, ms: stepTookMs(step, operation, elapsedMs) }));
  const without = spans.filter(({ step }) => step.withoutActive && step.state !== 'pending');
  return {
    withoutActiveMs: sum(without.map(({ ms }) => ms)),
    totalMs:
      operation.state === 'running' ? operation.startedAgoMs + elapsedMs : sum(spans.map(({ ms }) => ms)),
    running: operation.steps.find((step) => step.state === 'running') ?? null,
    doneCount: operation.steps.filter((step) => step.state === 'done').length,
    interrupted: without.length > 0,
  };
}

/** Duration of one step in milliseconds; a running one counts on, a pending one is 0. */
export function stepTookMs(step: OperationStep, operation: OperationRecord, elapsedMs: number): number {
  if (step.tookMs !== null) return step.tookMs;
  if (step.state !== 'running' || step.startedAgoMs === null) return 0;
  return step.startedAgoMs + (operation.state === 'running' ? elapsedMs : 0);
}

/** The kind of an operation as a word of its own. */
export function operationWord(kind: OperationRecord['kind']): string {
  const words = {
    switchover: 'Switchover',
    handover: 'Handover',
    failback: 'Failback',
    failover: 'Failover',
    'force-takeover': 'Forced takeover',
  } as const;
  return words[kind];
}

/** `admin-1` said as a title: `Switching WK1 over to ig-south`. */
export function operationTitle(operation: OperationRecord, cluster: string, target: string): string {
  const verb = operationWord(operation.kind);
  switch (operation.state) {
    case 'running':
      return runningTitle(operation.kind, cluster, target);
    case 'done':
      return `${cluster} now runs on ${target}`;
    case 'rolled-back':
      return `${verb} of ${cluster} was rolled back`;
    case 'failed':
      return `${verb} of ${cluster} did not finish`;
    case 'unknown':
      return `${verb} of ${cluster} to ${target}`;
  }
}

/** How an operation stands, in the words of a list. */
export function operationOutcome(state: OperationRecord['state']): string {
  const words = {
    running: 'under way',
    done: 'done',
    'rolled-back': 'rolled back',
    failed: 'did not finish',
    unknown: 'outcome unknown, still watched',
  } as const;
  return words[state];
}

function runningTitle(kind: OperationRecord['kind'], cluster: string, target: string): string {
  switch (kind) {
    case 'failover':
      return `${cluster} fails over to ${target}`;
    case 'force-takeover':
      return `${target} takes ${cluster} over by force`;
    case 'failback':
      return `Moving ${cluster} back to ${target}`;
    case 'switchover':
    case 'handover':
      return `Switching ${cluster} over to ${target}`;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
