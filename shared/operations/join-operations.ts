import type { OperationRecord, OperationStep } from '../agent-api/operation-record.ts';

/** What one member says of the operation it knows, and whether it can be heard now. */
export interface OperationReport {
  readonly server: string;
  readonly serverName: string;
  readonly connected: boolean;
  /** Seen Active in its last snapshot. */
  readonly active: boolean;
  /** Age of the report; null: never heard. */
  readonly heardMs: number | null;
  readonly operation: OperationRecord | null;
}

/**
 * Joins what the two members of a cluster report under the same id: the steps of the member that gives
 * up its role, then those of the one that takes it. Ages count from now. A running operation whose
 * working member cannot be heard is `unknown`, never failed. Newest first; pure.
 */
export function joinOperations(reports: readonly OperationReport[]): OperationRecord[] {
  const ids = new Set(reports.flatMap((report) => (report.operation ? [report.operation.id] : [])));
  return [...ids]
    .map((id) => joinOne(id, reports))
    .sort((one, other) => one.startedAgoMs - other.startedAgoMs);
}

function joinOne(id: string, reports: readonly OperationReport[]): OperationRecord {
  const own = reports.flatMap((report) =>
    report.operation?.id === id
      ? [{ ...report, operation: aged(report.operation, report.heardMs ?? 0) }]
      : [],
  );
  const first = own[0]!.operation;
  const order = [first.from, first.to];
  const inOrder = [...own].sort((one, other) => order.indexOf(one.server) - order.indexOf(other.server));
  const joined: OperationRecord = {
    ...inOrder[0]!.operation,
    startedAgoMs: Math.max(...own.map((report) => report.operation.startedAgoMs)),
    ...outcome(inOrder, reports, first.to),
    steps: joinSteps(inOrder),
  };
  return joined.state === 'running' ? doubted(joined, reports) : joined;
}

type OwnReport = OperationReport & { readonly operation: OperationRecord };

/**
 * An end that is not a success counts from whoever says it. Success counts from the member that takes
 * the role: the other one is finished as soon as it has let go.
 */
function outcome(
  own: readonly OwnReport[],
  all: readonly OperationReport[],
  to: string,
): Pick<OperationRecord, 'state' | 'sentence'> {
  const broken = own.find(
    ({ operation }) => operation.state === 'failed' || operation.state === 'rolled-back',
  );
  const taker = own.find((report) => report.server === to);
  const speaker = broken ?? taker ?? own[0]!;
  const { state, sentence } = speaker.operation;
  // A taker whose agent was restarted meanwhile reports no operation, but its role tells the end.
  const taken = all.some((report) => report.server === to && report.active);
  if (state === 'done' && speaker.server !== to && !taken) return { state: 'running', sentence };
  return { state, sentence };
}

/** Each member's word on its own steps goes; a step that only the other one lists is kept. */
function joinSteps(inOrder: readonly OwnReport[]): OperationStep[] {
  const key = (step: OperationStep) => `${step.server} ${step.id}`;
  const words = new Map<string, OperationStep>();
  for (const report of inOrder) {
    for (const step of report.operation.steps) {
      if (!words.has(key(step)) || step.server === report.server) words.set(key(step), step);
    }
  }
  const servers = [inOrder[0]!.operation.from, inOrder[0]!.operation.to];
  const place = (step: OperationStep) => servers.indexOf(step.server);
  return [...words.values()].sort((one, other) => place(one) - place(other));
}

/** Nobody who works on it can be heard: its outcome is not known. */
function doubted(operation: OperationRecord, reports: readonly OperationReport[]): OperationRecord {
  const next = operation.steps.find((step) => step.state === 'running' || step.state === 'pending');
  const working = next?.server ?? operation.to;
  const report = reports.find((candidate) => candidate.server === working);
  if (report === undefined || report.connected) return operation;
  return {
    ...operation,
    state: 'unknown',
    sentence: `The outcome is not known yet: ${report.serverName} is silent. It is still watched.`,
  };
}

function aged(operation: OperationRecord, byMs: number): OperationRecord {
  return {
    ...operation,
    startedAgoMs: operation.startedAgoMs + byMs,
    steps: operation.steps.map((step) => ({
      ...step,
      startedAgoMs: step.startedAgoMs === null ? null : step.startedAgoMs + byMs,
    })),
  };
}
