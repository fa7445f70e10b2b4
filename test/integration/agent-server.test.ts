import { connect as connectPlain } from 'node:net';
import type { TLSSocket } from 'node:tls';
import WebSocket from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAgentServer, type AgentRoutes, type ServerLimits } from '../../agent/api/agent-server.ts';
import { connectTo } from '../../agent/tls/connect-to.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { northIdentity, openAgentBench, openSocket, southIdentity, type AgentBench } from './agent-bench.ts';
import { freePort, until } from './demo-harness.ts';
import { sideOf } from './tls-side.ts';

/** Goal: no caller can end the server or hold it for ever. Method: real TLS, short limits, callers that misbehave. */
let bench: AgentBench;
let port: number;
let server: { close(): Promise<void> } | null = null;

beforeAll(async () => {
  bench = await openAgentBench();
});
afterAll(() => bench.close());
afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(limits: ServerLimits = {}) {
  port = await freePort();
  const routes: AgentRoutes = {
    get: { '/here': () => ({ status: 200, json: {} }) },
    post: {},
    sockets: { '/one': () => undefined, '/many': () => undefined },
    oneEach: ['/one'],
    allows: () => true,
  };
  const credentials = await bench.credentials(northIdentity);
  server = await startAgentServer(sideOf(credentials), { address: '127.0.0.1', port }, routes, limits);
}

async function open(path: string, identity: Identity = southIdentity) {
  return openSocket(port, path, northIdentity, await bench.credentials(identity));
}

async function connect(): Promise<TLSSocket> {
  const credentials = await bench.credentials(southIdentity);
  return connectTo(sideOf(credentials), northIdentity, { host: '127.0.0.1', port });
}

/** Sends raw bytes over a good TLS connection and answers with all that comes back. */
async function raw(text: string): Promise<string> {
  const socket = await connect();
  return new Promise((resolve) => {
    socket.write(text);
    let answer = '';
    socket.on('data', (part: Buffer) => (answer += part.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

const upgrade = (target: string) =>
  `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

describe('requests that are not paths', () => {
  it.each(['//', '//host:99999/x', 'http://[', '*'])('answers 400 to %s and goes on', async (target) => {
    await start();
    expect(await raw(upgrade(target))).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 400 /,
    );
    expect(await raw('GET /here HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 200 /,
    );
  });
});

describe('open sockets', () => {
  it('ends the older socket of an identity where only one is allowed', async () => {
    await start();
    const [first, other] = [await open('/one'), await open('/one', northIdentity)];
    const second = await open('/one');
    await until('the older one has ended', () => first.readyState === WebSocket.CLOSED);
    expect([second.readyState, other.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
    const third = await open('/one');
    await until('the second has ended', () => second.readyState === WebSocket.CLOSED);
    expect(third.readyState).toBe(WebSocket.OPEN);
    const many = [await open('/many'), await open('/many')];
    expect(many.map((socket) => socket.readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
  });

  it('ends a socket whose other side does not even answer a ping, and keeps one that does', async () => {
    await start({ socketPingMs: 50, socketSilentMs: 10_000 });
    const answering = await open('/many');
    const silent = await open('/many');
    silent.pong = () => undefined;
    let pings = 0;
    answering.on('ping', () => (pings += 1));
    await until('the silent one has ended', () => silent.readyState === WebSocket.CLOSED);
    await until('many pings', () => pings > 10);
    expect(answering.readyState).toBe(WebSocket.OPEN);
  });

  it('ends connections that do not come to TLS, or not to a request, in time', async () => {
    await start({ handshakeMs: 200, headersTimeoutMs: 400 });
    let ended = 0;
    const plain = connectPlain(port, '127.0.0.1');
    plain.on('error', () => undefined).on('close', () => (ended += 1));
    const quiet = await connect();
    quiet
      .on('error', () => undefined)
      .on('data', () => undefined)
      .on('close', () => (ended += 1));
    await until('both have ended', () => ended === 2);
  });
});
