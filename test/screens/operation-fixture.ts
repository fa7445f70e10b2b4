import type { OperationRecord, OperationStep } from '../../shared/agent-api/operation-record.ts';
import { plans } from '../../shared/failover/plan.ts';

/** By step: how long it took in milliseconds, and what proved it. */
export const stepFacts: Record<string, readonly [number, string]> = {
  drain: [2_300, 'balancer saw 503; 0 new sessions, 4 closed'],
  'stop-pollers': [410, '3 of 3 off'],
  'stop-engine': [2_900, 'control group empty, unit inactive'],
  'seal-ledger': [40, '14 queues sealed with 3 messages waiting, read 2960 ms before'],
  'end-epoch': [30, 'ended = 47 on disk'],
  release: [40, 'ig-witness keeps it for ig-south'],
  acquire: [110, 'ig-witness granted 48'],
  'prove-storage': [290, 'write, sync and read back 14 ms'],
  'write-generation': [30, 'generation 48'],
  'start-engine': [6_300, 'process 20417; API answers in 38 ms'],
  'start-components': [700, '14 of 14 on'],
  'open-active': [150, '/active answers 200'],
  'start-pollers': [320, '3 of 3 on'],
};

/** A switchover of WK1 from ig-north to ig-south, 4.1 s into the start of the engine. */
export function runningSwitchover(): OperationRecord {
  return record('running', '', 9, 4_100);
}

/** The same, ended well half a minute ago. */
export function doneSwitchover(): OperationRecord {
  return record('done', 'ig-south is Active with epoch 48.', 13, 33_000);
}

function record(
  state: OperationRecord['state'],
  sentence: string,
  doneSteps: number,
  sinceLastMs: number,
): OperationRecord {
  const all = plans.switchover.map((step) => ({ ...step, took: stepFacts[step.kind]?.[0] ?? 0 }));
  const passedMs = all.slice(0, doneSteps).reduce((sum, step) => sum + step.took, 0);
  let startedAgoMs = passedMs + sinceLastMs;
  const steps = all.map((step, index): OperationStep => {
    const done = index < doneSteps;
    const running = index === doneSteps && state === 'running';
    const startedAt = done || running ? startedAgoMs : null;
    if (done) startedAgoMs -= step.took;
    return {
      id: step.kind,
      title: step.title,
      server: step.by === 'source' ? 'ig-north' : 'ig-south',
      state: done ? 'done' : running ? 'running' : 'pending',
      withoutActive: step.withoutActive,
      startedAgoMs: startedAt,
      tookMs: done ? step.took : null,
      evidence: done ? (stepFacts[step.kind]?.[1] ?? '') : '',
    };
  });
  return {
    id: 'op-20260314-0431',
    kind: 'switchover',
    from: 'ig-north',
    to: 'ig-south',
    requestedBy: 'admin-1',
    reason: 'patching ig-north',
    startedWallTime: '2026-03-14T04:31:04.000Z',
    startedAgoMs: passedMs + sinceLastMs,
    state,
    sentence,
    steps,
  };
}
