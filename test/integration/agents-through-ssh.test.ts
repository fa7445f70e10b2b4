import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { agentEndpoints, endpointKey } from '../../electron/host/agent-links/agent-endpoint.ts';
import { openConsoleSite, type ConsoleSite } from '../../electron/host/console-site.ts';
import { systemTime } from '../../electron/host/host-time.ts';
import { startFakeSite, type AgentKey, type FakeSite } from './browser-shell-site.ts';
import { hasOpenssh, startOpenssh, type OpensshServer } from './ssh/openssh-server.ts';

/**
 * Goal: a console whose firewall lets only SSH through sees and asks agents all the same. Method: the
 * agents of one server are reached through Debian's own sshd, those of the other two directly.
 */
let fake: FakeSite;
let sshd: OpensshServer;
let site: ConsoleSite;

beforeAll(async () => {
  if (!hasOpenssh) return;
  fake = await startFakeSite();
  sshd = await startOpenssh();
  const access = {
    north: {
      user: sshd.user,
      port: sshd.port,
      hostKey: sshd.fingerprint(),
      identityFile: sshd.identity,
      sudo: 'passwordless',
      agentsThroughSsh: true,
    },
  };
  writeFileSync(join(fake.profileDirectory, 'access.json'), JSON.stringify({ access }));
  const opened = await openConsoleSite(
    { kind: 'profile', directory: fake.profileDirectory },
    {
      time: systemTime(),
      chance: () => 0,
      log: { info: () => {}, error: () => {} },
      onProgress: () => {},
      onNews: () => {},
    },
  );
  if (!opened.ok) throw new Error(opened.error.message);
  site = opened.value;
});

afterAll(async () => {
  if (!hasOpenssh) return;
  await site.close();
  await fake.stop();
  await sshd.stop();
});

const endpointOf = (key: AgentKey) =>
  agentEndpoints(fake.site).find((endpoint) => endpointKey(endpoint) === key)!;

function ask(key: AgentKey) {
  const schema = z.object({ hello: z.string() });
  return site.ask(endpointOf(key), { path: '/hello', schema, withinMs: 20_000 });
}

const isLive = (key: AgentKey) =>
  site.watch
    .agents()
    .some((agent) => endpointKey(agent.endpoint) === key && agent.link.phase === 'connected');

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 40_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not come about in time');
    await pause(50);
  }
}

describe.skipIf(!hasOpenssh)('agents behind a closed port', () => {
  it('are seen and asked over one SSH connection, with TLS to the agent itself', async () => {
    await until(() => isLive('WK1/north') && isLive('WK2/north') && isLive('WK1/south'));
    fake.agents['WK1/north'].answer = () => ({ status: 200, json: { hello: 'from north' } });
    expect(await ask('WK1/north')).toEqual({ ok: true, value: { hello: 'from north' } });
    expect(sshd.connections()).toBe(1);
  });

  it('are still not believed with the certificate of another site', async () => {
    await fake.replaceForeign('WK2/north');
    const refused = await ask('WK2/north');
    expect(!refused.ok && refused.error.code).toBe('agent.foreign');
  });

  it('come back after the SSH connection broke', async () => {
    sshd.dropConnections();
    await until(() => !isLive('WK1/north'));
    await until(() => isLive('WK1/north'));
  });

  it('are told apart: the agent is not there, or the whole server is not', async () => {
    await fake.agents['WK1/north'].stop();
    const gone = await ask('WK1/north');
    expect(!gone.ok && [gone.error.code, gone.error.message]).toEqual([
      'agent.unreachable',
      expect.stringContaining('asked over SSH'),
    ]);
    await sshd.kill();
    const away = await ask('WK1/north');
    expect(!away.ok && away.error.code).toBe('server.unreachable');
  });
});
