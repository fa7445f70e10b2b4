import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startConsoleServer, type ConsoleServer } from '../../electron/browser-shell/console-server.ts';
import { createSessions, type Sessions } from '../../electron/browser-shell/sessions.ts';

/**
 * Goal: only a page that was opened with the printed address reaches the host.
 * Method: the real server on a free port, requests written byte by byte where a client would tidy them.
 */
describe('the browser shell against strangers', () => {
  let folder: string;
  let server: ConsoleServer;
  let sessions: Sessions;
  let pages = 0;
  let cookie: string;
  const origin = () => `http://127.0.0.1:${server.port}`;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ixha-strangers-'));
    await mkdir(join(folder, 'page'));
    await writeFile(join(folder, 'page/index.html'), '<p>page</p>');
    await writeFile(join(folder, 'secret.json'), '"planted-secret"');
    sessions = createSessions();
    const started = await startConsoleServer({
      port: 0,
      pageRoot: join(folder, 'page'),
      sessions,
      onPage: () => (pages += 1),
    });
    if (!started.ok) throw new Error(started.error.message);
    server = started.value;
    cookie = `ixha-console-${server.port}=${sessions.open()}`;
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Sends exactly these lines and gives the whole answer back. */
  function raw(requestLine: string, headers: Record<string, string>): Promise<string> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(server.port, '127.0.0.1', () =>
        socket.write([requestLine, ...lines, 'Connection: close', '', ''].join('\r\n')),
      );
      socket.on('data', (data) => (answer += data.toString('utf8')));
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
    });
  }
  const host = () => ({ Host: `127.0.0.1:${server.port}` });

  test('listens on the loopback address only', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ address, family }) => family === 'IPv4' && !address.startsWith('127.'))
      .map(({ address }) => address);
    for (const address of [...others, '127.0.0.2']) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect({ port: server.port, host: address, timeout: 1000 });
        socket.on('connect', () => resolve(true));
        socket.on('error', () => resolve(false));
        socket.on('timeout', () => resolve(false));
      });
      expect([address, reached]).toEqual([address, false]);
    }
  });

  test('shows nothing of the page without a session', async () => {
    for (const path of [
      '/',
      '/index.html',
      '/assets/index.js',
      '/?token=',
      '/?token=wrong',
      '/index.html?token=x',
    ]) {
      const response = await fetch(origin() + path);
      expect([path, response.status]).toEqual([path, 401]);
      expect(await response.text()).not.toContain('<p>page</p>');
      expect(response.headers.getSetCookie()).toEqual([]);
    }
  });

  test('exchanges a token once, for a cookie that scripts and other sites cannot use', async () => {
    const address = `${origin()}/?token=${sessions.issueToken()}`;
    const first = await fetch(address);
    expect(first.status).toBe(200);
    expect(first.headers.getSetCookie()[0]).toMatch(
      /^ixha-console-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    const second = await fetch(address);
    expect(second.status).toBe(401);
    expect(second.headers.getSetCookie()).toEqual([]);
  });

  test('refuses look-alike hosts and other origins, even with a session', async () => {
    for (const name of ['localhost', 'console.example', '127.0.0.1.console.example', '[::1]']) {
      const answer = await raw('GET / HTTP/1.1', { Host: `${name}:${server.port}`, Cookie: cookie });
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    }
    const foreign = await raw('GET / HTTP/1.1', {
      ...host(),
      Origin: 'http://console.example',
      Cookie: cookie,
    });
    expect(foreign).toMatch(/^HTTP\/1\.1 403 /);
    const absolute = await raw(`GET http://console.example/ HTTP/1.1`, {
      Host: 'console.example',
      Cookie: cookie,
    });
    expect(absolute).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('never leaves the folder of the page', async () => {
    for (const path of [
      '/../secret.json',
      '/%2e%2e/secret.json',
      '/..%2fsecret.json',
      '/assets/../../secret.json',
      '/..\\secret.json',
      '//secret.json',
      '/%2e%2e%5csecret.json',
      `http://127.0.0.1:${server.port}/../secret.json`,
    ]) {
      const answer = await raw(`GET ${path} HTTP/1.1`, { ...host(), Cookie: cookie });
      expect([path, /planted-secret/.test(answer)]).toEqual([path, false]);
      expect(answer).toMatch(/^HTTP\/1\.1 (404|400) /);
    }
  });

  test('sends the policy and no permission for other origins with every answer', async () => {
    const answers = await Promise.all([
      fetch(origin(), { headers: { cookie } }),
      fetch(`${origin()}/missing.js`, { headers: { cookie } }),
      fetch(origin()),
      fetch(`${origin()}/opening`),
      fetch(`${origin()}/?token=${sessions.issueToken()}`),
    ]);
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*|http/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('answers nothing but GET', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(origin(), { method, headers: { cookie } });
      expect([method, response.status]).toEqual([method, 405]);
    }
  });

  test('opens no WebSocket for strangers', async () => {
    const attempts: [string, string, Record<string, string>][] = [
      ['without a session', '/ipc', { origin: origin() }],
      ['with a made-up session', '/ipc', { origin: origin(), cookie: `ixha-console-${server.port}=made-up` }],
      ['without an origin', '/ipc', { cookie }],
      ['from another origin', '/ipc', { origin: 'http://console.example', cookie }],
      ['from a file', '/ipc', { origin: 'null', cookie }],
      ['with another host', '/ipc', { origin: origin(), cookie, host: `localhost:${server.port}` }],
      ['on another path', '/ipc2', { origin: origin(), cookie }],
    ];
    for (const [what, path, headers] of attempts) {
      const opened = await new Promise<boolean>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
        socket.on('open', () => resolve(true));
        socket.on('error', () => resolve(false));
      });
      expect([what, opened]).toEqual([what, false]);
    }
    expect(pages).toBe(0);
  });

  test('bounds pages and frames', async () => {
    const headers = { origin: origin(), cookie };
    const open = () =>
      new Promise<WebSocket | null>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ipc`, { headers });
        socket.on('open', () => resolve(socket));
        socket.on('error', () => resolve(null));
      });
    const sockets: (WebSocket | null)[] = [];
    for (let count = 0; count < 8; count += 1) sockets.push(await open());
    expect(sockets.every((socket) => socket !== null)).toBe(true);
    expect(await open()).toBeNull();
    const closed = new Promise<number>((resolve) => sockets[0]!.on('close', (code) => resolve(code)));
    sockets[0]!.send('x'.repeat(4 * 1024 * 1024 + 1));
    expect(await closed).toBe(1009);
    for (const socket of sockets) socket?.terminate();
  });

  test('tells that a port is taken, with a next step', async () => {
    const second = await startConsoleServer({
      port: server.port,
      pageRoot: folder,
      sessions,
      onPage: () => undefined,
    });
    expect(second).toMatchObject({ ok: false, error: { code: 'port.taken' } });
    if (!second.ok) expect(second.error.message).toContain(String(server.port));
  });
});
