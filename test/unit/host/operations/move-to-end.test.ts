import { expect, test } from 'vitest';
import { agentEndpoints } from '../../../../electron/host/agent-links/agent-endpoint.ts';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { newLink } from '../../../../electron/host/agent-links/link-state.ts';
import { moveToEnd } from '../../../../electron/host/operations/move-to-end.ts';
import type { CommandAnswer } from '../../../../shared/agent-api/agent-api.ts';
import { productError, type ErrorCode } from '../../../../shared/errors.ts';
import { siteSight } from '../../../../shared/fleet/sight.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { healthy } from '../../../screens/site-fixture.ts';
import { sampleMember, sampleOperation, sampleSite } from '../samples.ts';

function refused(code: ErrorCode): CommandAnswer {
  return {
    accepted: false,
    error: productError(code, 'It is not so any more.'),
    blockers: [],
  };
}

const waits: CommandAnswer = {
  accepted: false,
  error: productError('second-person.waits', 'It waits.'),
  blockers: [],
  waits: { request: 'r-1', until: '2026-03-14T04:46:00.000Z' },
};
const taken: CommandAnswer = { accepted: true, operation: 'r-1' };

/**
 * Goal: a move is told as refused only when it was. Method: a cluster whose agent takes the request, answers it only
 * later, and is seen to step down meanwhile.
 */
function bench(answers: (CommandAnswer | 'lost')[]) {
  const site = siteSight(healthy().site!, 0);
  const sight = site.clusters.find(({ cluster }) => cluster.id === 'WK1')!;
  const target = sight.members.find(({ server }) => server === 'ig-south')!;
  const told = { asked: [] as string[], accepted: [] as string[] };
  let active: string | null = 'ig-north';
  const agents = () =>
    agentEndpoints(sampleSite()).flatMap((endpoint) => {
      if (endpoint.cluster !== 'WK1') return [];
      const server = `ig-${endpoint.server}`;
      const observed: 'active' | 'passive' = server === active ? 'active' : 'passive';
      const snapshot = sampleMember(
        { cluster: 'WK1', server, role: 'active' },
        { role: { observed, wanted: observed, sinceMs: 0 } },
      );
      const link = { ...newLink(0), phase: 'connected' as const };
      return [{ endpoint: { ...endpoint, server, name: server }, link, snapshot }];
    });
  const ask = ((endpoint, { body }) => {
    told.asked.push(`${endpoint.server} ${(body as { idempotencyKey: string }).idempotencyKey}`);
    const answer = answers.shift() ?? 'lost';
    // What has begun shows at once: the Active steps down, then the other one is Active.
    if (answer !== waits) active = active === 'ig-north' ? null : 'ig-south';
    return Promise.resolve(
      answer === 'lost' ? fail(productError('server.timeout', 'No answer came.')) : succeed(answer),
    );
  }) as AskAgent;
  const ended = sampleOperation({ id: 'op-1', state: 'done', sentence: 'It is done.' });
  const seen = {
    ...sight,
    cluster: { ...sight.cluster, operations: [ended as never] },
  };
  const move = () =>
    moveToEnd(
      {
        site: { watch: { agents } as never, ask },
        sight: () => seen,
        until: async (what, _withinMs, look) => {
          for (let looks = 0; looks < 3; looks += 1) {
            const found = await look();
            if (found !== null) return succeed(found);
          }
          return fail(`${what} was not seen.`);
        },
        waiting: () => undefined,
        accepted: (operation) => told.accepted.push(operation),
      },
      { verb: 'switchover', target, reason: 'a test', idempotencyKey: 'key-12345678' },
    );
  return { told, move, step: () => (active = null) };
}

test('a move whose first answer was lost is asked of the same member, and is known by its operation', async () => {
  const { told, move } = bench(['lost', { accepted: true, operation: 'op-1' }]);
  await move();
  expect(told.asked).toEqual(['ig-north key-12345678', 'ig-north key-12345678']);
  expect(told.accepted).toEqual(['op-1']);
});

test('without any answer it is not known whether it has begun, although the cluster moves', async () => {
  const { told, move } = bench(['lost', 'lost', 'lost']);
  expect(await move()).toMatchObject({ ok: false, error: { kind: 'unknown' } });
  expect(told.asked).toHaveLength(3);
});

test('an agent that refuses because the cluster has moved does not prove that it was not this move', async () => {
  for (const code of ['command.not-active', 'command.revision'] as const) {
    expect(await bench(['lost', refused(code)]).move()).toMatchObject({ error: { kind: 'unknown' } });
    expect(await bench([refused(code)]).move()).toMatchObject({ error: { kind: 'refused' } });
  }
  expect(await bench(['lost', refused('command.refused')]).move()).toMatchObject({
    error: { kind: 'refused' },
  });
});

test('what the console itself sees against it before it has asked is a refusal', async () => {
  const { told, move, step } = bench([]);
  step();
  expect(await move()).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(told.asked).toEqual([]);
});

test('a change that waits for a second person is waited for, whatever answers are lost meanwhile', async () => {
  const { told, move } = bench([waits, 'lost', waits, { accepted: true, operation: 'op-1' }]);
  await move();
  expect(told.accepted).toEqual(['op-1']);
  expect(told.asked.some((one) => one.endsWith('-w'))).toBe(false);
});

test('it is taken back when nobody follows it any more, and is refused then', async () => {
  const { told, move } = bench([waits, waits, waits, waits, 'lost', taken, refused('second-person.over')]);
  expect(await move()).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(told.asked.filter((one) => one.endsWith('-w'))).toEqual([
    'ig-north key-12345678-w',
    'ig-north key-12345678-w',
  ]);
});

test('it is followed where somebody has agreed just before', async () => {
  const late = { accepted: true, operation: 'op-1' } as const;
  const { told, move } = bench([waits, waits, waits, waits, refused('second-person.over'), late]);
  await move();
  expect(told.accepted).toEqual(['op-1']);
});

test('it is not known where the change still stands', async () => {
  const { move } = bench([waits, waits, waits, waits, 'lost', 'lost', 'lost', waits]);
  expect(await move()).toMatchObject({
    error: { kind: 'unknown', sentence: expect.stringContaining('somebody may still agree to it') as string },
  });
});
