import { expect, test } from 'vitest';
import { agentEndpoints } from '../../../electron/host/agent-links/agent-endpoint.ts';
import type { AskAgent } from '../../../electron/host/agent-links/agent-requests.ts';
import { newLink } from '../../../electron/host/agent-links/link-state.ts';
import type { HostTime } from '../../../electron/host/host-time.ts';
import { carryOutPatch, type PatchPorts } from '../../../electron/host/patching/carry-out-patch.ts';
import type { Command, CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { heldOut, patchRun } from '../../screens/patch-fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { sampleMember, sampleSite } from '../host/samples.ts';

/**
 * Goal: a hold is told as done only when the lease store has it. Method: ig-north is held out for another 49 min, and
 * is to be held out for 60 min from now on, by agents that answer as the test says.
 */
const timeout = productError('server.timeout', 'No answer came.');
const refusedOpen: CommandAnswer = { accepted: false, error: timeout, blockers: [] };

/** Time that passes only by being waited for. */
function waitedTime(): HostTime {
  let nowMs = 1_000;
  return {
    bootMs: () => nowMs,
    wallTime: () => '2026-03-14T04:31:24.000Z',
    after: (delayMs, run) => {
      nowMs += delayMs;
      queueMicrotask(run);
      return () => undefined;
    },
  };
}

/** Prolongs by an agent that answers so, after the store has taken it for so long; null: it has not taken it. */
function prolong(answer: Result<CommandAnswer, ProductError>, takenMs: number | null) {
  const snapshot = heldOut();
  const agents = agentEndpoints(sampleSite()).flatMap((endpoint) => {
    const { cluster, server } = endpoint;
    const link = { ...newLink(0), phase: 'connected' as const };
    return cluster === null
      ? []
      : [{ endpoint, link, snapshot: sampleMember({ cluster, server, role: 'passive' }) }];
  });
  const ask = ((_endpoint, { body }) => {
    const { cluster } = body as Command;
    for (const { snapshot: told } of clusterOf(snapshot, cluster).members) {
      if (takenMs !== null) told!.automaticFailover = { ...told!.automaticFailover, untilMs: takenMs };
    }
    return Promise.resolve(answer);
  }) as AskAgent;
  const ports = {
    site: { watch: { view: () => snapshot.site!, agents: () => agents }, ask, me: { role: 'admin' } },
    time: waitedTime(),
    ends: () => null,
    closed: () => false,
    tell: () => undefined,
  } as unknown as PatchPorts;
  const order = { server: 'ig-north', direction: 'out', minutes: 60, reason: 'kernel patch' } as const;
  return carryOutPatch(order, patchRun(snapshot, 'out', 0), ports);
}

test('a hold whose prolonging got no answer is not known while only the one before is seen', async () => {
  for (const answer of [fail(timeout), succeed(refusedOpen)]) {
    const run = await prolong(answer, null);
    expect(run.state).toBe('unknown');
    expect(run.steps[0]).toMatchObject({
      ...{ kind: 'hold', state: 'unknown' },
      evidence: 'The block of WK1 for 60 min was not seen within 20 s.',
    });
    expect(run.steps[1]).toMatchObject({ state: 'pending' });
  }
});

test('one that lasts as long as was asked for is proof without an answer, and a longer one is not', async () => {
  const made = await prolong(fail(timeout), 60 * 60_000);
  expect(made.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  expect(made.steps[0]!.evidence).toBe('the lease store has it for 60 min, by admin-1');
  expect((await prolong(fail(timeout), 90 * 60_000)).state).toBe('unknown');
});

test('what is accepted is in the store', async () => {
  const run = await prolong(succeed({ accepted: true, operation: 'op-1' }), null);
  expect(run.state).toBe('done');
});
