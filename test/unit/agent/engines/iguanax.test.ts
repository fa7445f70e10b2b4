import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IguanaX } from '../../../../agent/engines/iguanax.ts';

/** Goal: no answer of an engine, however strange, is read as healthy. Method: a server that answers what a test wants. */
let folder: string;
let server: Server;
let engine: IguanaX;
let answer: (path: string, request: IncomingMessage, response: ServerResponse) => void;

const component = (name: string, light: string, more = {}) => ({
  guid: `g-${name}`,
  name,
  light,
  queue_count: 2,
  mps_in: 1.5,
  received: 10,
  ...more,
});
const listed = (...components: object[]) =>
  JSON.stringify({ success: true, component_data: components, total_components: components.length });
const say = (text: string) => (_path: string, _request: IncomingMessage, response: ServerResponse) =>
  void response.end(text);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-engine-'));
  writeFileSync(join(folder, 'password'), 'secret\n');
  server = createServer((request, response) => {
    request.resume();
    answer(request.url ?? '', request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  engine = new IguanaX({ port, user: 'ha', passwordFile: join(folder, 'password'), pollers: ['files'] });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe('IguanaX adapter', () => {
  it('counts components, pollers, queues and errors apart', async () => {
    answer = say(
      listed(component('ADT', 'ON'), component('LAB', 'RED', { error_count: 3 }), component('files', 'OFF')),
    );
    const look = await engine.look(10_000);
    expect(look).toMatchObject({
      ok: true,
      value: {
        total: 2,
        on: 2,
        inError: 1,
        pollersTotal: 1,
        pollersOn: 0,
        queued: 6,
        messagesPerSecond: 4.5,
        received: 30,
      },
    });
  });

  it('reads payloads under `data` as newer versions put them', async () => {
    answer = say(JSON.stringify({ success: true, data: { component_data: [component('ADT', 'ON')] } }));
    expect(await engine.look(10_000)).toMatchObject({ ok: true, value: { total: 1, on: 1 } });
  });

  it('logs in when it is not, and again when the session has ended', async () => {
    let logins = 0;
    answer = (path, request, response) => {
      if (path === '/session/login') {
        logins += 1;
        response.setHeader('set-cookie', `IguanaSession-1=s${logins}; Path=/`);
        return void response.end('{"success":true}');
      }
      const inSession = request.headers.cookie === `IguanaSession-1=s${logins}` && logins > 0;
      response.end(
        inSession ? listed(component('ADT', 'ON')) : '{"success":false,"error":"Not authenticated"}',
      );
    };
    expect((await engine.look(10_000)).ok).toBe(true);
    logins += 1;
    expect((await engine.look(10_000)).ok).toBe(true);
    expect(logins).toBe(3);
  });

  it.each([
    ['a page with status 200', '<html>IguanaX</html>', 'a page instead of data'],
    ['success:false', '{"success":false,"error":"licence exceeded"}', 'licence exceeded'],
    ['JSON without success', '{"component_data":[]}', 'without success'],
    ['success without the field', '{"success":true}', 'without the expected fields'],
    [
      'a list of another form',
      '{"success":true,"component_data":[{"name":5}]}',
      'without the expected fields',
    ],
    ['null', 'null', 'without the expected fields'],
    ['nothing', '', 'answers nothing'],
    ['half of an answer', '{"success":tr', 'no data that can be read'],
  ])('does not take %s for an answer', async (_what, text, words) => {
    answer = say(text);
    expect(await engine.look(10_000)).toEqual({ ok: false, error: expect.stringContaining(words) as string });
  });

  it('gives up on a port that is open but never answers', async () => {
    answer = () => undefined;
    expect(await engine.look(100)).toEqual({ ok: false, error: 'its API did not answer within 0.1 s' });
  });

  it('gives up on an answer without end', async () => {
    answer = (_path, _request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    expect(await engine.look(5_000)).toEqual({
      ok: false,
      error: expect.stringContaining('too large') as string,
    });
  });

  it('says that the port is closed', async () => {
    const closed = new IguanaX({ port: 1, user: 'ha', passwordFile: join(folder, 'password'), pollers: [] });
    expect(await closed.look(10_000)).toEqual({ ok: false, error: 'its API port is closed' });
  });

  it('says that the password file is missing, without asking the engine for more', async () => {
    rmSync(join(folder, 'password'));
    answer = say('{"success":false,"error":"Not authenticated"}');
    expect(await engine.look(10_000)).toEqual({
      ok: false,
      error: expect.stringContaining('password') as string,
    });
  });

  it('switches only what is asked for and waits for the job', async () => {
    const posted: string[] = [];
    let checks = 0;
    answer = (path, request, response) => {
      if (path === '/component/list')
        return void response.end(
          listed(component('ADT', 'ON'), component('files', checks < 3 ? 'OFF' : 'ON')),
        );
      if (path === '/component/start/check') {
        checks += 1;
        return void response.end(JSON.stringify({ success: true, running: checks < 3 }));
      }
      request.on('data', (part: Buffer) => posted.push(part.toString('utf8')));
      request.on('end', () => response.end('{"success":true,"job_id":"7"}'));
    };
    expect(await engine.switchComponents('pollers', true, 10_000)).toEqual({
      ok: true,
      value: '1 switched on: files',
    });
    expect(decodeURIComponent(posted.join())).toContain('["g-files"]');
    expect(checks).toBe(3);
  });

  it('does not take a job that has ended for components that have switched', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    answer = (path, _request, response) => {
      const off = names.map((name) => component(name, name === 'A' ? 'ON' : 'OFF'));
      if (path === '/component/list') return void response.end(listed(...off));
      response.end('{"success":true,"job_id":"7","running":false}');
    };
    expect(await engine.switchComponents('listeners', true, 10_000)).toEqual({
      ok: false,
      error: '6 of 6 did not switch on: B, C, D, E, F and 1 more',
    });
  });

  it('does nothing when everything is as asked', async () => {
    answer = say(listed(component('files', 'OFF')));
    expect(await engine.switchComponents('pollers', false, 10_000)).toEqual({
      ok: true,
      value: 'all were off already: files',
    });
  });

  it('counts a value of another form as unknown, not as zero or as a broken list', async () => {
    answer = say(listed(component('ADT', 'ON', { queue_count: 'many', received: -3, last_activity: 5 })));
    expect(await engine.look(10_000)).toMatchObject({ ok: true, value: { total: 1, received: null } });
    expect(engine.diagnosis().components).toMatchObject([
      { name: 'ADT', light: 'on', queued: null, received: null, lastActivity: null },
    ]);
  });

  it('does not take a light that it does not know for on', async () => {
    answer = say(listed(component('ADT', 'BLUE')));
    expect(await engine.look(10_000)).toMatchObject({ ok: true, value: { total: 1, on: 0 } });
  });

  it('never repeats the password, even when the engine does', async () => {
    answer = (path, _request, response) =>
      void response.end(
        path === '/session/login'
          ? '{"success":false,"error":"user ha with secret is unknown"}'
          : '{"success":false,"error":"Not authenticated"}',
      );
    const look = await engine.look(10_000);
    expect(look).toEqual({
      ok: false,
      error: 'the engine refuses the log-in: user ha with … is unknown',
    });
    expect(JSON.stringify(engine.diagnosis())).not.toContain('secret');
    expect(engine.diagnosis().troubles).toMatchObject([{ code: 'login-refused' }]);
  });

  it('sends the password in a body and never in an address', async () => {
    const addresses: string[] = [];
    answer = (path, _request, response) => {
      addresses.push(path);
      response.end('{"success":false,"error":"Not authenticated"}');
    };
    await engine.look(10_000);
    expect(addresses).toContain('/session/login');
    expect(addresses.join()).not.toContain('secret');
  });

  it('neither starts nor misses a component that a person has switched off', async () => {
    const posted: string[] = [];
    let adt = 'OFF';
    answer = (path, request, response) => {
      if (path === '/component/list')
        return void response.end(listed(component('ADT', adt), component('LAB', 'OFF')));
      request.on('data', (part: Buffer) => posted.push(part.toString('utf8')));
      request.on('end', () => {
        adt = 'ON';
        response.end('{"success":true}');
      });
    };
    engine.leaveOff(['LAB']);
    expect(await engine.switchComponents('listeners', true, 10_000)).toEqual({
      ok: true,
      value: '1 switched on: ADT; left off, as a person wants: LAB',
    });
    expect(decodeURIComponent(posted.join())).toContain('["g-ADT"]');
    expect(await engine.look(10_000)).toMatchObject({ ok: true, value: { total: 1, on: 1 } });
    engine.leaveOff([]);
    expect(await engine.look(10_000)).toMatchObject({ ok: true, value: { total: 2, on: 1 } });
  });

  it('records which calls this version knows and the form of their answers, without values', async () => {
    const known: Record<string, string> = {
      '/os': 'linux',
      '/health': '{"success":true,"data":{"status":"up"}}',
      '/iguana/version': '{"success":true,"data":{"version":"10.1.4"}}',
      '/component/list': listed(component('ADT', 'ON')),
      '/component/start/check': '{"success":false,"error":"No component start job found."}',
      '/license/get': '{"success":true,"data":{"iguana_id":"ID-TOP","license":{"key":"K-TOP"}}}',
    };
    const asked: string[] = [];
    answer = (path, _request, response) => {
      asked.push(path);
      response.end(known[path] ?? '<html>IguanaX</html>');
    };
    await engine.look(10_000);
    const tried = () => engine.diagnosis().capabilities.find(({ call }) => call === '/ha/get');
    await vi.waitUntil(() => tried()?.present !== null, 15_000);
    const found = Object.fromEntries(engine.diagnosis().capabilities.map((one) => [one.call, one]));
    expect(found['/os']).toEqual({ call: '/os', documented: true, present: true, shape: 'text' });
    expect(found['/health']).toMatchObject({ present: true, shape: '{success, data {status}}' });
    expect(found['/component/start/check']).toMatchObject({ present: true });
    expect(found['/component/map']).toMatchObject({ present: false, shape: 'a page' });
    expect(found['/ha/get']).toMatchObject({ present: false, documented: false });
    expect(found['/license/get']).toMatchObject({ present: true });
    expect(JSON.stringify(found)).not.toContain('TOP');
    // Looking must not switch anything.
    expect(asked).not.toContain('/component/start');
    expect(asked).not.toContain('/component/stop');
    expect(found['/component/start']).toMatchObject({ present: null });
  });
});
