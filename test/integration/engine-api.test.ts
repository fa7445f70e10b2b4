import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './demo-harness.ts';
import { ask, createEngineBench, restarted, type EngineBench, type RunningEngine } from './engine-bench.ts';

let site: EngineBench;
let engine: RunningEngine;
beforeEach(async () => {
  site = await createEngineBench();
  engine = await site.engine('ig-north');
  await until('ADT is on', async () => (await engine.state()).components[0]?.light === 'ON');
});
afterEach(() => site.clean());

interface Answer {
  readonly success: boolean;
  readonly error?: string;
  readonly data?: Record<string, unknown>;
}

function post(path: string, form: Record<string, string>, cookie = ''): Promise<Response> {
  return fetch(`http://127.0.0.1:${engine.apiPort}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { cookie },
  });
}

async function logIn(): Promise<string> {
  const answer = await post('/session/login', { username: 'ha', password: 'secret' });
  expect(await answer.json()).toMatchObject({ success: true });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function call(path: string, form: Record<string, string> = {}, cookie = ''): Promise<Answer> {
  const answer = await post(path, form, cookie);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

async function lights(cookie: string): Promise<Record<string, unknown>> {
  const list = await call('/component/list', {}, cookie);
  const components = list.data?.['component_data'] as { name: string; light: string }[];
  return Object.fromEntries(components.map(({ name, light }) => [name, light]));
}

async function switched(cookie: string, verb: 'start' | 'stop', components: string): Promise<void> {
  const begun = await call(
    `/component/${verb}`,
    { data: JSON.stringify({ components, tracked: true }) },
    cookie,
  );
  const jobId = String(begun.data?.['job_id']);
  await until(`${components} ${verb}`, async () => {
    const check = await call(`/component/${verb}/check`, { job_id: jobId }, cookie);
    return check.data?.['running'] === false;
  });
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), done(true)));
    socket.once('error', () => done(false));
  });
}

describe("the engine's API", () => {
  it('logs in with a cookie and refuses with status 200 what is not logged in', async () => {
    expect(await call('/component/list')).toEqual({ success: false, error: 'Not authenticated' });
    expect(await call('/session/login', { username: 'ha', password: 'wrong' })).toMatchObject({
      success: false,
    });
    const cookie = await logIn();
    expect(cookie).toMatch(/^IguanaSession-[0-9a-f]+=/);
    expect((await call('/component/list', {}, cookie)).success).toBe(true);
    expect((await call('/component/list', {}, `${cookie}x`)).success).toBe(false);
  });

  it('lists each component with what an agent needs to know', async () => {
    const list = await call('/component/list', {}, await logIn());
    expect(list.data).toMatchObject({ total_components: 2 });
    expect((list.data?.['component_data'] as object[])[0]).toEqual({
      guid: expect.stringMatching(/^[0-9A-F]{32}$/) as string,
      name: 'ADT',
      tags: ['llp', 'autostart'],
      light: 'ON',
      error_count: 0,
      queue_count: 0,
      mps_in: 0,
      mps_out: 0,
      last_activity: '',
      last_message_id: '',
      last_number: 0,
      position: 0,
      received: 0,
    });
  });

  it('starts a poller only when asked, and records each of its runs from start to end', async () => {
    const cookie = await logIn();
    expect(await lights(cookie)).toEqual({ ADT: 'ON', timer: 'OFF' });
    await switched(cookie, 'start', 'timer');
    const phases = () =>
      readFileSync(engine.recordPath, 'utf8')
        .split('\n')
        .flatMap((line) =>
          line.includes('"poller":"timer"') ? [(JSON.parse(line) as { phase: string }).phase] : [],
        );
    await until('three runs', () => phases().length >= 6);
    await switched(cookie, 'stop', 'timer');
    const seen = phases();
    expect(seen).toEqual(seen.map((_, index) => (index % 2 === 0 ? 'start' : 'end')));
    expect(seen.length % 2).toBe(0);
  });

  it('listens for messages only while the component is on', async () => {
    const cookie = await logIn();
    expect(await accepts(engine.llpPort)).toBe(true);
    await switched(cookie, 'stop', 'ADT');
    expect(await accepts(engine.llpPort)).toBe(false);
    await switched(cookie, 'start', 'ADT');
    expect(await accepts(engine.llpPort)).toBe(true);
  });

  it('answers /os and /health without a login, and unknown paths with a page', async () => {
    expect((await fetch(`http://127.0.0.1:${engine.apiPort}/os`)).status).toBe(200);
    expect(await call('/health')).toEqual({ success: true, data: { status: 'up' } });
    const page = await post('/constructor', {});
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  it('lets no page in a browser switch faults', async () => {
    const answer = await fetch(`http://127.0.0.1:${engine.apiPort}/standin/fault`, {
      method: 'POST',
      body: JSON.stringify({ fault: 'hang-all', value: true }),
      headers: { origin: 'http://evil.example' },
    });
    expect(await answer.json()).toMatchObject({ success: false });
    expect((await engine.state()).faults).toEqual({});
  });
});

describe('faults of the API', () => {
  it('hang-api: the port is open and nothing answers, until it is cleared', async () => {
    await engine.fault('hang-api', true);
    expect(await ask(`http://127.0.0.1:${engine.apiPort}/health`)).toBeUndefined();
    await engine.fault('hang-api', null);
    const health = () => ask(`http://127.0.0.1:${engine.apiPort}/health`);
    await until('it answers', async () => (await health())?.includes('up'));
  });

  it('html-200 and wrong-json: answers that must not be taken for healthy', async () => {
    await engine.fault('html-200', true);
    expect(await (await post('/health', {})).text()).toContain('<!doctype html>');
    await engine.fault('html-200', null);
    await engine.fault('wrong-json', true);
    expect(await call('/health')).not.toHaveProperty('data');
  });

  it('components-off: healthy and processing nothing; they can be started again', async () => {
    const cookie = await logIn();
    await engine.fault('components-off', true);
    await until('ADT is off', async () => (await lights(cookie))['ADT'] === 'OFF');
    expect((await call('/health')).success).toBe(true);
    await switched(cookie, 'start', 'ADT');
    expect(await lights(cookie)).toMatchObject({ ADT: 'ON' });
  });

  it('safe-mode: lasts over a restart, and nothing can be started', async () => {
    await engine.fault('safe-mode', true);
    engine.process.kill('SIGTERM');
    expect(await engine.ended()).toBe(0);
    engine = restarted(site.bench, engine.configPath);
    await engine.ready();
    const cookie = await logIn();
    expect(await lights(cookie)).toEqual({ ADT: 'OFF', timer: 'OFF' });
    expect(await call('/component/start', { components: 'ADT' }, cookie)).toMatchObject({
      success: false,
      error: expect.stringContaining('safe mode') as string,
    });
  });

  it('licence-exceeded: components do not start', async () => {
    await engine.fault('licence-exceeded', true);
    const cookie = await logIn();
    expect(await call('/component/start', { components: '["timer"]' }, cookie)).toMatchObject({
      success: false,
      error: expect.stringContaining('license') as string,
    });
    expect((await call('/license/get', {}, cookie)).data).toMatchObject({ license: { components: 0 } });
  });

  it('refuse-stop: SIGTERM does nothing; slow-stop: it takes its time', async () => {
    await engine.fault('refuse-stop', true);
    engine.process.kill('SIGTERM');
    expect((await engine.state()).components[0]?.light).toBe('ON');
    await engine.fault('refuse-stop', null);
    await engine.fault('slow-stop', 600);
    const before = performance.now();
    engine.process.kill('SIGTERM');
    expect(await engine.ended()).toBe(0);
    expect(performance.now() - before).toBeGreaterThan(600);
  });

  it('slow-start: the next start takes longer', async () => {
    await engine.fault('slow-start', 900);
    engine.process.kill('SIGTERM');
    await engine.ended();
    const before = performance.now();
    engine = restarted(site.bench, engine.configPath);
    await engine.ready();
    expect(performance.now() - before).toBeGreaterThan(900);
  });
});
