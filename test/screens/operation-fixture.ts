import type { OperationRecord, OperationStep } from '../../shared/agent-api/operation-record.ts';

/** A switchover of WK1 from ig-north to ig-south, in its sixth step. */
export function runningSwitchover(): OperationRecord {
  return {
    id: 'op-20260314-0431',
    kind: 'switchover',
    from: 'ig-north',
    to: 'ig-south',
    requestedBy: 'admin-1',
    reason: 'patching ig-north',
    startedWallTime: '2026-03-14T04:31:04.000Z',
    startedAgoMs: 13_800,
    state: 'running',
    sentence: 'Waiting for the engine on ig-south to answer its API',
    steps: [
      ...finishedSteps(),
      {
        ...step('engine', 'Start the engine on ig-south', 'ig-south', true, 4_100, null),
        state: 'running',
        evidence: 'process 20417; port 7654 open',
      },
      {
        ...step('active', 'Answer 200 on /active', 'ig-south', false, null, null),
        state: 'pending',
        evidence: '',
      },
    ],
  };
}

/** The same, ended well 30 s ago. */
export function doneSwitchover(): OperationRecord {
  const started = runningSwitchover();
  return {
    ...started,
    startedAgoMs: 47_000,
    state: 'done',
    sentence: 'WK1 runs on ig-south with epoch 48.',
    steps: [
      ...finishedSteps(),
      {
        ...step('engine', 'Start the engine on ig-south', 'ig-south', true, 37_000, 6_300),
        evidence: 'API answers in 38 ms',
      },
      {
        ...step('active', 'Answer 200 on /active', 'ig-south', false, 30_800, 900),
        evidence: 'balancer sends to ig-south',
      },
    ],
  };
}

function finishedSteps(): OperationStep[] {
  return [
    {
      ...step('drain', 'Answer 503 on /active', 'ig-north', false, 13_800, 2_300),
      evidence: 'balancer saw 503; 0 new sessions, 4 closed',
    },
    {
      ...step('stop', 'Stop the engine and prove it', 'ig-north', true, 11_500, 2_900),
      evidence: 'control group empty, unit inactive',
    },
    {
      ...step('release', 'Release the lease for ig-south', 'ig-north', true, 8_600, 40),
      evidence: 'ended = 47 on disk',
    },
    { ...step('acquire', 'Take epoch 48', 'ig-south', true, 8_500, 110), evidence: 'ig-witness granted 48' },
    {
      ...step('storage', 'Prove the storage, write generation 48', 'ig-south', true, 8_400, 290),
      evidence: 'write, sync and read back 14 ms',
    },
  ];
}

function step(
  id: string,
  title: string,
  server: string,
  withoutActive: boolean,
  startedAgoMs: number | null,
  tookMs: number | null,
): OperationStep {
  return { id, title, server, state: 'done', withoutActive, startedAgoMs, tookMs, evidence: '' };
}
