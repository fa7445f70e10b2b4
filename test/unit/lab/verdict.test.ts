import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { hostsInOrder } from '../../lab/judge/sight.ts';
import { clusterChecks, storyChecks, type ClusterSight } from '../../lab/judge/verdict.ts';
import { hostFrozen, powerOff } from '../../lab/scenarios/host-faults.ts';
import type { Scenario } from '../../lab/scenarios/scenario.ts';
import { agentKilled } from '../../lab/scenarios/agent-faults.ts';

const sight = (changes: Partial<ClusterSight> = {}): ClusterSight => ({
  cluster: 'WK1',
  journey: ['first', 'other'],
  activeAtEnd: 'wk-b',
  downtimeMs: 5000,
  parts: null,
  overlapMs: 0,
  pollerMeetings: 0,
  acknowledged: 100,
  lost: 0,
  outOfOrder: 0,
  duplicates: 1,
  unexplained: [],
  journal: [],
  ...changes,
});
const ranOut = 'wk-b takes over: the lease of wk-a has run out without a renewal.';
const restarted = 'wk-a keeps its engine running: the agent was restarted and proves the lease of epoch 2.';
const decision = (server: string, verdict: string, sentence = ranOut): JournalRecord => ({
  seq: 1,
  wallTime: '2026-01-01T00:00:00.000Z',
  bootMs: 1,
  cluster: 'WK1',
  server,
  epoch: 2,
  kind: 'decision',
  ruleId: 'R64',
  verdict,
  sentence,
  requestedBy: null,
  step: null,
  result: null,
  operation: null,
  tookMs: null,
  previous: '',
});
const storyIsGood = (scenario: Scenario, seen: ClusterSight) =>
  storyChecks(scenario, seen).every((check) => check.ok);
const broken = (changes: Partial<ClusterSight>) =>
  clusterChecks(powerOff, sight(changes)).filter((check) => !check.ok).length;

describe('the verdict on a scenario', () => {
  it('is good when the engines went where they should and nothing was lost', () => {
    expect(broken({})).toBe(0);
  });

  it.each([
    ['an engine that was not expected', { journey: ['first', 'other', 'other'] as const }],
    ['no engine at all', { journey: [] }],
    ['two engines for one millisecond', { overlapMs: 1 }],
    ['two runs of a poller at once', { pollerMeetings: 1 }],
    ['a lost message', { lost: 1 }],
    ['a message out of order', { outOfOrder: 1 }],
    ['a duplicate that nobody re-sent', { unexplained: ['judge-WK1 7'] }],
    ['no traffic, which proves nothing', { acknowledged: 0 }],
  ])('is bad with %s', (_what, changes) => {
    expect(broken(changes)).toBe(1);
  });

  it('asks the member that took over for a rule, not the other one', () => {
    expect(storyIsGood(powerOff, sight({ journal: [decision('wk-b', 'act')] }))).toBe(true);
    expect(storyIsGood(powerOff, sight({ journal: [decision('wk-a', 'act')] }))).toBe(false);
    expect(storyIsGood(powerOff, sight({ journal: [decision('wk-b', 'wait')] }))).toBe(false);
  });

  it('is bad when the product acted where nothing should happen', () => {
    const proves = decision('wk-a', 'wait', restarted);
    expect(storyIsGood(agentKilled, sight({ journal: [proves] }))).toBe(true);
    expect(storyIsGood(agentKilled, sight({ journal: [proves, decision('wk-a', 'act')] }))).toBe(false);
  });

  it('is bad when the reason is not told', () => {
    const unexplained = decision('wk-b', 'act', 'wk-b takes over.');
    expect(storyIsGood(powerOff, sight({ journal: [unexplained] }))).toBe(false);
    expect(storyIsGood(agentKilled, sight())).toBe(false);
  });
});

describe('a known limit of a scenario', () => {
  it('is accepted in that scenario, and no more than that', () => {
    const worst = hostFrozen.limit!.overlapMs;
    const bad = (scenario: Scenario, overlapMs: number) =>
      clusterChecks(scenario, sight({ overlapMs })).some((check) => !check.ok);
    expect([bad(hostFrozen, worst), bad(hostFrozen, worst + 1), bad(powerOff, 1)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('the engines of a cluster in time', () => {
  const run = (pid: number, from: number, to: number) => ({ pid, stretches: [{ from, to }], pollers: [] });

  it('are told in the order of their starts, without those that ended before', () => {
    // Process 2 was killed at 2000: its last sign came 10 ms earlier.
    const sides = [
      { host: 'wk-a' as const, runs: [run(1, 0, 900), run(2, 1000, 1990), run(4, 5000, 6000)] },
      { host: 'wk-b' as const, runs: [run(3, 3000, 4000)] },
    ];
    expect(hostsInOrder(sides, 2000)).toEqual(['wk-a', 'wk-b', 'wk-a']);
  });
});
