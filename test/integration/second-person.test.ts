import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendCommand } from '../../agent/cli/agent-client.ts';
import { memberTarget } from '../../agent/cli/targets.ts';
import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import { MemberConfig } from '../../shared/site/member-config.ts';
import { DemoSiteBench } from './demo-site-bench.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { until, upToThrice } from './demo-harness.ts';

/**
 * Goal: what is planned waits for another person, is then carried out once, and holds up nothing that has to happen.
 * Method: the whole demo with real agents; `admin-1` asks by `ixha` with the workstation's certificate, and ben is an
 * administrator on a server, with that member's own certificate.
 */
const demo = new DemoSiteBench();
beforeAll(async () => void (await demo.start(await buildDemoRuntime(demo.bench.path('programs')))));
afterAll(() => demo.close());

const requests = async (server: string) => (await demo.snapshot(server))?.secondPerson;

async function ben(
  server: string,
  verb: Command['verb'],
  request: string,
  more: Partial<Command> = {},
): Promise<CommandAnswer> {
  const { agentConfig } = demo.folders.member(server, 'WK1');
  const config = MemberConfig.parse(JSON.parse(readFileSync(agentConfig, 'utf8')));
  const command: Command = {
    ...{ verb, cluster: 'WK1', target: null, epoch: 0, reason: 'a test', request },
    ...{ idempotencyKey: randomUUID(), ...more },
  };
  const sent = await sendCommand({ ...memberTarget(config), administrator: 'ben' }, command);
  if (!sent.ok) throw new Error(sent.error.message);
  return sent.value;
}

/** Asks and expects that it waits; answers the id of the request. */
async function waits(...args: string[]): Promise<string> {
  const asked = await demo.ixha(...args, '--reason', 'a test', '--json');
  expect(asked.code, asked.out + asked.err).toBe(4);
  return (JSON.parse(asked.out) as { waits: { request: string } }).waits.request;
}

async function askFor(scope: 'planned' | 'none'): Promise<void> {
  const set = await demo.ixha('second-person', 'WK1', '--for', scope, '--reason', 'a test');
  expect(set.code, set.out + set.err).toBe(0);
  await until(
    `both members know ${scope}`,
    async () => {
      const said = await Promise.all(['ig-north', 'ig-south'].map(requests));
      return said.every((one) => one?.said?.scope === scope);
    },
    20_000,
  );
}

/** Where a busy machine has let WK1 move, two persons bring it back. */
async function putBack(): Promise<void> {
  if ((await demo.served('WK1')) !== 'ig-north') {
    await demo.allFit();
    const back = await waits('failback', 'WK1');
    expect(await ben('ig-south', 'agree', back)).toMatchObject({ accepted: true });
  }
  await demo.bothServe('ig-north', 'ig-south');
  await demo.allFit();
}

describe('a cluster that asks for a second person', () => {
  let moved = '';

  test('keeps a switchover, also when its agent dies, and moves nothing', async () => {
    expect((await demo.ixha('requests', 'WK1')).out).toContain('nothing waits for a second person');
    await askFor('planned');
    // An agent that a busy machine restarts too late loses its lease, and the request ends with that.
    await upToThrice(async () => {
      if (moved !== '') await demo.ixha('withdraw', 'WK1', '--request', moved);
      await putBack();
      moved = await waits('switchover', 'WK1', '--to', 'ig-south');
      const listed = await demo.ixha('requests', 'WK1');
      expect(listed.code).toBe(4);
      expect(listed.out).toContain('a switchover of WK1 to');
      const before = demo.agent('ig-north', 'WK1')!.pid;
      process.kill(before, 'SIGKILL');
      await until(
        'the restarted agent keeps it',
        async () =>
          demo.agent('ig-north', 'WK1')?.pid !== before &&
          (await requests('ig-north'))?.requests[0]?.state === 'waiting',
        60_000,
      );
      await until(
        'the other member tells of it',
        async () => (await requests('ig-south'))?.atPeer?.id === moved,
        20_000,
      );
      await demo.bothServe('ig-north', 'ig-south');
      await demo.allFit();
    });
  }, 480_000);

  test('carries it out once, at the word of another person, under both names', async () => {
    const own = await demo.ixha('agree', 'WK1', '--request', moved);
    expect(own.code, own.out + own.err).toBe(1);
    expect(own.err).toContain('second-person.same');
    const carriedOut = async (request: string) => {
      const both = await Promise.all([ben('ig-north', 'agree', request), ben('ig-north', 'agree', request)]);
      const operations = both.map((answer) => (answer.accepted ? answer.operation : answer.error.code));
      expect(new Set(operations).size).toBe(1);
      await demo.bothServe('ig-south', 'ig-south');
      return operations[0];
    };
    const made = [moved];
    const operation = await upToThrice(async () => {
      const first = made.pop();
      if (first !== undefined) return carriedOut(first);
      // A move that a busy machine has undone is asked for anew.
      await putBack();
      return carriedOut(await waits('switchover', 'WK1', '--to', 'ig-south'));
    });
    expect(demo.journal('ig-north')).toContain('admin-1, agreed to by ben, administrator on ig-north,');
    expect((await requests('ig-north'))?.requests[0]).toMatchObject({ state: 'done', operation });
  }, 480_000);

  test('is told of what is declined or withdrawn, and lets nobody switch it off alone', async () => {
    const off = await waits('second-person', 'WK1', '--for', 'none');
    expect(await ben('ig-south', 'decline', off, { reason: 'we agreed on two' })).toMatchObject({
      accepted: true,
    });
    expect((await requests('ig-south'))?.requests[0]).toMatchObject({
      ...{ state: 'declined', why: 'we agreed on two', decidedBy: 'ben, administrator on ig-south' },
    });
    const back = await waits('maintenance', 'WK1', '--minutes', '5');
    expect((await demo.ixha('withdraw', 'WK1', '--request', back)).code).toBe(0);
    expect(await ben('ig-south', 'agree', back)).toMatchObject({ accepted: false });
    expect((await requests('ig-south'))?.said?.scope).toBe('planned');
  }, 240_000);

  test('fails over by itself while a request waits, which ends with that', async () => {
    const id = await waits('failback', 'WK1');
    await until('ig-north knows', async () => (await requests('ig-north'))?.atPeer?.id === id, 20_000);
    await demo.inject('kill-server', { server: 'ig-south' });
    await demo.bothServe('ig-north', 'ig-north');
    await until(
      'ig-north tells that it has ended',
      () => demo.journal('ig-north').includes(`The request ${id} of admin-1`),
      20_000,
    );
    await demo.site.heal();
    await until(
      'ig-south ends it, once it is back',
      async () => {
        const kept = (await requests('ig-south'))?.requests.find((one) => one.id === id);
        return kept?.state === 'ended' && kept.why;
      },
      60_000,
    );
    const last = await waits('second-person', 'WK1', '--for', 'none');
    expect(await ben('ig-north', 'agree', last)).toMatchObject({ accepted: true });
    await demo.judge();
  }, 240_000);
});
