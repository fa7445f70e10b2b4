import { describe, expect, test } from 'vitest';
import { agentEndpoints } from '../../../../electron/host/agent-links/agent-endpoint.ts';
import type { LinkedAgent } from '../../../../electron/host/agent-links/agent-link.ts';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { newLink, type LinkState } from '../../../../electron/host/agent-links/link-state.ts';
import { CallFailure } from '../../../../electron/host/ipc/call-failure.ts';
import { switchOver } from '../../../../electron/host/operations/switch-over.ts';
import { productError } from '../../../../shared/errors.ts';
import type { ObservedRole } from '../../../../shared/agent-api/member-snapshot.ts';
import { sampleMember, sampleSite } from '../samples.ts';

const request = { cluster: 'WK1', target: 'south', epoch: 7, idempotencyKey: 'key-12345678', reason: 'why' };

/** The members of WK1 in the given roles; `null`: the link is lost. */
function members(north: ObservedRole | null, south: ObservedRole | null): LinkedAgent[] {
  return agentEndpoints(sampleSite()).flatMap((endpoint): LinkedAgent[] => {
    if (endpoint.cluster !== 'WK1') return [];
    const role = endpoint.server === 'north' ? north : south;
    const phase: LinkState['phase'] = role === null ? 'lost' : 'connected';
    const snapshot = sampleMember(
      { cluster: 'WK1', server: endpoint.server, role: 'active' },
      { role: { observed: role ?? 'active', wanted: 'active', sinceMs: 0 } },
    );
    return [{ endpoint, link: { ...newLink(0), phase }, snapshot }];
  });
}

const asked: unknown[] = [];
const accept = ((endpoint, { body }) => {
  asked.push([endpoint.server, body]);
  return Promise.resolve({ ok: true, value: { accepted: true, operation: 'operation-1' } });
}) as AskAgent;
const never = (() => {
  throw new Error('nothing may be sent');
}) as AskAgent;

describe('a switchover', () => {
  test('goes to the agent of the Active, with the epoch and the key of the asker', async () => {
    asked.length = 0;
    const answer = await switchOver(request, members('active', 'passive'), accept);
    expect(answer).toEqual({ accepted: true, operation: 'operation-1' });
    expect(asked).toEqual([['north', { verb: 'switchover', ...request }]]);
  });

  test.each([
    ['no member is Active', 'passive', 'passive', 'command.not-active'],
    ['the Active cannot be heard', null, 'passive', 'command.not-active'],
    ['both say Active', 'active', 'active', 'command.refused'],
    ['the target is Active already', 'passive', 'active', 'command.refused'],
  ] as const)('is refused without sending when %s', async (_when, north, south, code) => {
    const answer = await switchOver(request, members(north, south), never);
    expect(answer).toMatchObject({ accepted: false, error: { code } });
  });

  test.each([
    ['cluster', { ...request, cluster: 'WK9' }],
    ['target', { ...request, target: 'third' }],
  ])('is refused for an unknown %s', async (_what, wrong) => {
    const answer = await switchOver(wrong, members('active', 'passive'), never);
    expect(answer).toMatchObject({ accepted: false, error: { code: 'request.invalid' } });
  });

  test('tells an open outcome as a failure with its own code, never as refused', async () => {
    const silent = (() =>
      Promise.resolve({
        ok: false,
        error: productError('server.timeout', 'No answer within 5 s.'),
      })) as AskAgent;
    const answer = switchOver(request, members('active', 'passive'), silent);
    await expect(answer).rejects.toBeInstanceOf(CallFailure);
    await expect(answer).rejects.toMatchObject({ error: { code: 'server.timeout' } });
  });
});
