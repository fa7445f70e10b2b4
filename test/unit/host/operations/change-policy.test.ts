import { expect, test } from 'vitest';
import { agentEndpoints } from '../../../../electron/host/agent-links/agent-endpoint.ts';
import type { LinkedAgent } from '../../../../electron/host/agent-links/agent-link.ts';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { newLink } from '../../../../electron/host/agent-links/link-state.ts';
import { CallFailure } from '../../../../electron/host/ipc/call-failure.ts';
import { changePolicy } from '../../../../electron/host/operations/change-policy.ts';
import { productError } from '../../../../shared/errors.ts';
import { sampleMember, sampleSite } from '../samples.ts';

const request = {
  cluster: 'WK1',
  verb: 'maintenance',
  minutes: 30,
  reason: 'patch',
  idempotencyKey: 'key-12345678',
} as const;

/** The members of WK1: south is Active; those named are heard. */
function members(...heard: string[]): LinkedAgent[] {
  return agentEndpoints(sampleSite()).flatMap((endpoint): LinkedAgent[] => {
    const { cluster, server } = endpoint;
    if (cluster !== 'WK1') return [];
    const role = server === 'south' ? 'active' : 'passive';
    const phase = heard.includes(server) ? 'connected' : 'lost';
    return [{ endpoint, link: { ...newLink(0), phase }, snapshot: sampleMember({ cluster, server, role }) }];
  });
}

const asked: { server: string; body: unknown }[] = [];
const accept = ((endpoint, { body }) => {
  asked.push({ server: endpoint.server, body });
  return Promise.resolve({ ok: true, value: { accepted: true, operation: 'policy-1' } });
}) as AskAgent;

test('asks the Active, or the other one when the Active is not heard', async () => {
  asked.length = 0;
  await changePolicy(request, members('north', 'south'), accept);
  await changePolicy(request, members('north'), accept);
  expect(asked.map(({ server }) => server)).toEqual(['south', 'north']);
  expect(asked[0]?.body).toMatchObject({ verb: 'maintenance', minutes: 30, reason: 'patch' });
});

test('asks nobody when no member is heard or the cluster is not known', async () => {
  asked.length = 0;
  expect(await changePolicy(request, members(), accept)).toMatchObject({
    error: { code: 'agent.unreachable' },
  });
  expect(await changePolicy({ ...request, cluster: 'WK9' }, members('north'), accept)).toMatchObject({
    error: { code: 'request.invalid' },
  });
  expect(asked).toEqual([]);
});

test('leaves the outcome open when the answer does not come', async () => {
  const error = productError('server.timeout', 'No answer.');
  const silent = (() => Promise.resolve({ ok: false, error })) as AskAgent;
  await expect(changePolicy(request, members('south'), silent)).rejects.toThrow(CallFailure);
});
