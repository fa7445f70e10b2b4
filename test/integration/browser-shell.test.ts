import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runConsole, type RunningConsole } from '../../electron/browser-shell/run-console.ts';
import { systemTime } from '../../electron/host/host-time.ts';
import { sessionSettings } from '../../electron/host/settings/preferences.ts';
import type { ConsoleSnapshot, MemberView } from '../../shared/console-ipc/console-snapshot.ts';
import { sampleMember } from '../unit/host/samples.ts';
import { sampleMeans } from '../unit/host/setup/sample-means.ts';
import { healthy, startFakeSite, type AgentKey, type FakeSite } from './browser-shell-site.ts';
import { openPage, redeem, type TestPage } from './browser-shell-page.ts';

/**
 * Goal: what an agent says is on the page within half a second, and what is wrong with a link is said.
 * Method: fake agents with real certificates, the whole host and browser shell in this process, a page
 * without a browser.
 */
describe('the console host behind the browser shell', () => {
  let site: FakeSite;
  let pageRoot: string;
  let running: RunningConsole;
  let page: TestPage;

  beforeEach(async () => {
    site = await startFakeSite();
    pageRoot = await mkdtemp(join(tmpdir(), 'ixha-page-'));
    await writeFile(join(pageRoot, 'index.html'), '<style nonce="__CSP_NONCE__"></style>');
    const lines: string[] = [];
    const started = await runConsole({
      flags: {
        site: { kind: 'profile', directory: site.profileDirectory },
        open: false,
        port: 0,
        idleExit: false,
      },
      source: { kind: 'profile', directory: site.profileDirectory },
      settings: sessionSettings(),
      setup: sampleMeans(),
      version: 'test',
      pageRoot,
      time: systemTime(),
      log: { info: () => undefined, error: (line) => lines.push(line) },
      print: (line) => lines.push(line),
      canEnter: false,
    });
    if (!started.ok) throw new Error(started.error.message);
    running = started.value;
    const address = lines.find((line) => line.startsWith('Console: '))!.slice('Console: '.length);
    page = await openPage(await redeem(address));
    await page.until(allConnected);
  });

  afterEach(async () => {
    page.close();
    await running.stop();
    await site.stop();
    await rm(pageRoot, { recursive: true, force: true });
  });

  test('shows a change at an agent within half a second', async () => {
    const delays: number[] = [];
    for (const role of ['stopping', 'passive', 'taking-over', 'active', 'stopping', 'passive'] as const) {
      const saidAt = performance.now();
      site.agents['WK1/north'].say(
        sampleMember(
          { cluster: 'WK1', server: 'north', role: 'active' },
          { role: { observed: role, wanted: 'passive', sinceMs: 0 } },
        ),
      );
      delays.push((await page.until((seen) => roleOf(seen, 'WK1/north') === role)) - saidAt);
    }
    console.log(`change to page: ${delays.map((delay) => delay.toFixed(0)).join(', ')} ms`);
    // The promise is 500 ms; twice that in most cases would be a defect in the coalescing, once it is a busy machine.
    const median = delays.toSorted((one, other) => one - other)[Math.floor(delays.length / 2)];
    expect(median).toBeLessThan(1000);
  });

  test('sends no flood while agents only repeat themselves', async () => {
    const before = page.received();
    const startedAt = performance.now();
    await page.until((seen) => seen.madeAtMs > 0 && page.received() >= before + 4);
    const seconds = (performance.now() - startedAt) / 1000;
    // Five agents speak twice a second each; the page hears about one snapshot a second.
    expect((page.received() - before) / seconds).toBeLessThan(2);
  });

  test('refuses an agent whose certificate speaks for another member', async () => {
    await site.replace('WK1/south', { kind: 'member', site: 'test-site', cluster: 'WK2', server: 'south' });
    await page.until((seen) => linkOf(seen, 'WK1/south')?.error?.code === 'agent.foreign');
    expect(linkOf(page.last()!.snapshot, 'WK1/south')?.state).toBe('lost');
    expect(site.agents['WK1/south'].opened()).toBe(0);
  });

  test('refuses an agent whose certificate comes from another authority', async () => {
    await site.replaceForeign('witness/third');
    await page.until((seen) => seen.site?.witness?.link.error?.code === 'agent.foreign');
    expect(site.agents['witness/third'].opened()).toBe(0);
  });

  test('does not use nonsense, shows it, and keeps the link', async () => {
    site.agents['WK2/north'].sayRaw('{"type":"snapshot","snapshot":{"kind":"member","apiVersion":"1.0"}}');
    await page.until((seen) => linkOf(seen, 'WK2/north')?.error?.code === 'agent.nonsense');
    const { snapshot } = page.last()!;
    expect(linkOf(snapshot, 'WK2/north')?.state).toBe('connected');
    expect(roleOf(snapshot, 'WK2/north')).toBe('passive');
    expect(site.agents['WK2/north'].opened()).toBe(1);
  });

  test('gives up an agent that speaks another major version', async () => {
    const other = {
      ...sampleMember({ cluster: 'WK2', server: 'north', role: 'passive' }),
      apiVersion: '2.0',
    };
    site.agents['WK2/north'].say(other);
    await page.until((seen) => linkOf(seen, 'WK2/north')?.error?.code === 'agent.version');
    expect(linkOf(page.last()!.snapshot, 'WK2/north')?.state).toBe('lost');
    // Upgraded meanwhile, it speaks our version, and the link returns by itself.
    site.agents['WK2/north'].say(healthy('WK2/north'));
    await page.until((seen) => linkOf(seen, 'WK2/north')?.state === 'connected');
  });

  test('loses a frozen agent although its socket stays open', async () => {
    const frozenAt = performance.now();
    site.agents['WK1/north'].freeze();
    const lostAt = await page.until((seen) => linkOf(seen, 'WK1/north')?.state === 'lost');
    console.log(`frozen agent to lost: ${(lostAt - frozenAt).toFixed(0)} ms`);
    expect(roleOf(page.last()!.snapshot, 'WK1/north')).toBe('active');
    expect(linkOf(page.last()!.snapshot, 'WK1/north')?.heardMs).toBeGreaterThan(2500);
  });

  test('finds an agent again after it was away', async () => {
    await site.agents['WK1/south'].stop();
    await page.until((seen) => linkOf(seen, 'WK1/south')?.error?.code === 'agent.unreachable');
    await site.replace('WK1/south', { kind: 'member', site: 'test-site', cluster: 'WK1', server: 'south' });
    await page.until((seen) => linkOf(seen, 'WK1/south')?.state === 'connected');
    expect(linkOf(page.last()!.snapshot, 'WK1/south')?.error).toBeNull();
  });

  test('sends a switchover to the Active only, and hands its answer back', async () => {
    const asked: string[] = [];
    site.agents['WK1/north'].answer = (request, body) => {
      // The console also reads journals, when it has time for that.
      if (request.method !== 'GET') asked.push(`${request.method} ${request.url} ${body}`);
      return { status: 200, json: { accepted: true, operation: 'operation-1' } };
    };
    const outcome = await page.call('switchOver', switchOver);
    expect(outcome).toEqual({ ok: true, value: { accepted: true, operation: 'operation-1' } });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^POST \/v1\/commands \{"verb":"switchover","cluster":"WK1","target":"south"/);
  });

  test('tells that the outcome is open when the Active does not answer a command', async () => {
    site.agents['WK1/north'].answer = () => 'silence';
    const outcome = await page.call('switchOver', switchOver);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'server.timeout' } });
  });

  test('reads the journals of both members and names the one that is missing', async () => {
    const record = (server: string, seq: number) => ({
      seq,
      wallTime: `2026-01-01T00:00:0${seq}.000Z`,
      bootMs: seq,
      cluster: 'WK1',
      server,
      epoch: 7,
      kind: 'decision',
      ruleId: null,
      verdict: null,
      sentence: `${server} ${seq}`,
      requestedBy: null,
      step: null,
      result: null,
      operation: null,
      tookMs: null,
      previous: '',
    });
    site.agents['WK1/north'].answer = () => ({
      status: 200,
      json: { records: [record('north', 1), record('north', 3)], next: 4, chainBroken: false },
    });
    const outcome = await page.call('readJournal', { cluster: 'WK1', limit: 10 });
    expect(outcome).toMatchObject({
      ok: true,
      value: { records: [{ sentence: 'north 3' }, { sentence: 'north 1' }], missing: [{ server: 'south' }] },
    });
  });

  test('closes a page that speaks outside the contract', async () => {
    page.sendRaw('nonsense');
    expect(await page.closed).toBe(1003);
  });
});

const switchOver = {
  cluster: 'WK1',
  target: 'south',
  epoch: 7,
  idempotencyKey: 'key-12345678',
  reason: 'patching',
};

function memberOf(snapshot: ConsoleSnapshot, key: AgentKey): MemberView | undefined {
  const [cluster, server] = key.split('/');
  const view = snapshot.site?.clusters.find(({ id }) => id === cluster);
  return view?.members.find((member) => member.server === server);
}

function linkOf(snapshot: ConsoleSnapshot, key: AgentKey) {
  return memberOf(snapshot, key)?.link;
}

function roleOf(snapshot: ConsoleSnapshot, key: AgentKey) {
  return memberOf(snapshot, key)?.snapshot?.role.observed;
}

function allConnected(snapshot: ConsoleSnapshot): boolean {
  const links = snapshot.site?.clusters.flatMap(({ members }) => members.map(({ link }) => link.state)) ?? [];
  return (
    links.length === 4 &&
    [...links, snapshot.site?.witness?.link.state].every((state) => state === 'connected')
  );
}
