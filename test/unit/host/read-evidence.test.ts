import { expect, test } from 'vitest';
import type { LinkedAgent } from '../../../electron/host/agent-links/agent-link.ts';
import type { AskAgent } from '../../../electron/host/agent-links/agent-requests.ts';
import { readEvidence } from '../../../electron/host/evidence/read-evidence.ts';
import { productError } from '../../../shared/errors.ts';
import { fail, succeed } from '../../../shared/result.ts';

/** Goal: evidence of both members, and why one is missing. Method: agents that answer by hand. */
const agents = ['north', 'south'].map(
  (server) => ({ endpoint: { cluster: 'WK1', server } }) as unknown as LinkedAgent,
);
const silent = productError('agent.unreachable', 'ig-south is silent.');
const ask = ((endpoint: { server: string }, { path }: { path: string }) =>
  Promise.resolve(
    endpoint.server === 'north' ? succeed({ server: 'north', path }) : fail(silent),
  )) as unknown as AskAgent;

test('the evidence of both members is asked for, and one that is silent is named with why', async () => {
  expect(await readEvidence({ cluster: 'WK1' }, agents, ask)).toEqual({
    reports: [{ server: 'north', path: '/v1/evidence' }],
    missing: [{ server: 'south', why: 'ig-south is silent.' }],
  });
});

test('a cluster that the site does not have is refused', async () => {
  await expect(readEvidence({ cluster: 'WK9' }, agents, ask)).rejects.toThrow('There is no cluster WK9.');
});
