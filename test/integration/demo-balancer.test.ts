import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBench, freePort, until, type Bench } from './demo-harness.ts';

/** The balancer before two servers whose `/active` answer the test sets. */
interface FakeServer {
  answer: number | 'silent';
  readonly engine: Server;
  readonly active: HttpServer;
  readonly sessions: Set<Socket>;
  readonly ports: { engine: number; active: number };
  checks: number;
}

let bench: Bench;
let servers: Record<'ig-north' | 'ig-south', FakeServer>;
let frontPorts: number[];
let controlPort: number;

async function fakeServer(name: string): Promise<FakeServer> {
  const sessions = new Set<Socket>();
  const engine = createServer((socket) => {
    sessions.add(socket);
    socket.on('error', () => undefined).on('close', () => sessions.delete(socket));
    socket.write(name);
  });
  const active = createHttpServer((request, response) => {
    if (request.url === '/active') fake.checks += 1;
    if (fake.answer !== 'silent') response.writeHead(fake.answer).end();
  });
  const ports = { engine: await freePort(), active: await freePort() };
  const fake: FakeServer = { answer: 503, engine, active, sessions, ports, checks: 0 };
  await new Promise<void>((resolve) => engine.listen(ports.engine, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => active.listen(ports.active, '127.0.0.1', resolve));
  return fake;
}

beforeEach(async () => {
  bench = createBench();
  servers = { 'ig-north': await fakeServer('north'), 'ig-south': await fakeServer('south') };
  frontPorts = [await freePort(), await freePort()];
  controlPort = await freePort();
  const place = (port: number) => ({ address: '127.0.0.1', port });
  bench.program('electron/demo/balancer/main.ts', {
    control: place(controlPort),
    frontends: frontPorts.map((port, index) => ({
      cluster: 'WK1',
      name: `listener ${index}`,
      listen: place(port),
      backends: Object.entries(servers).map(([server, { ports }]) => ({
        server,
        ...place(ports.engine),
        check: place(ports.active),
      })),
    })),
    checkMs: 50,
    checkTimeoutMs: 10_000,
  });
  await until('the balancer answers', async () => (await view().catch(() => undefined)) !== undefined);
});
afterEach(() => {
  for (const { engine, active, sessions } of Object.values(servers)) {
    for (const socket of sessions) socket.destroy();
    engine.close();
    active.close();
    active.closeAllConnections();
  }
  bench.clean();
});

interface View {
  sendsTo: string | null;
  sessions: number;
  answers: { server: string; status: number | null }[];
  ageMs: number;
}
async function view(): Promise<View> {
  const response = await fetch(`http://127.0.0.1:${controlPort}/view`);
  return ((await response.json()) as View[])[0]!;
}
const sendsTo = (server: string | null) =>
  until(`it sends to ${server}`, async () => (await view()).sendsTo === server, 60_000);

function session(port: number) {
  const socket = connect({ host: '127.0.0.1', port });
  const heard = { text: '', closed: false };
  socket.setEncoding('utf8').on('error', () => undefined);
  socket.on('data', (text: string) => (heard.text += text)).on('close', () => (heard.closed = true));
  return { socket, heard };
}

test('closes connections at once while no server says 200', async () => {
  const { heard } = session(frontPorts[0]!);
  await until('it is closed', () => heard.closed);
  expect(await view()).toMatchObject({ sendsTo: null, sessions: 0 });
});

test('sends to the server that says 200, and shuts its sessions when it no longer does', async () => {
  servers['ig-north'].answer = 200;
  await sendsTo('ig-north');
  const sessions = frontPorts.map(session);
  for (const { heard } of sessions) await until('north answers', () => heard.text === 'north');
  expect(await view()).toMatchObject({
    sessions: 2,
    answers: [
      { server: 'ig-north', status: 200 },
      { server: 'ig-south', status: 503 },
    ],
  });
  servers['ig-north'].answer = 503;
  servers['ig-south'].answer = 200;
  for (const { heard } of sessions) await until('the session is shut', () => heard.closed);
  await sendsTo('ig-south');
  const { heard, socket } = session(frontPorts[1]!);
  await until('south answers', () => heard.text === 'south');
  socket.destroy();
});

test('counts a server that accepts but does not answer as down', async () => {
  servers['ig-north'].answer = 200;
  await sendsTo('ig-north');
  servers['ig-north'].answer = 'silent';
  await sendsTo(null);
  expect((await view()).answers[0]).toEqual({ server: 'ig-north', status: null });
});

test('keeps to one server when two say 200, and shows both answers', async () => {
  servers['ig-south'].answer = 200;
  await sendsTo('ig-south');
  servers['ig-north'].answer = 200;
  await until('both are seen', async () => (await view()).answers.every(({ status }) => status === 200));
  const before = servers['ig-north'].checks;
  await until('north was checked again', () => servers['ig-north'].checks > before + 3);
  expect((await view()).sendsTo).toBe('ig-south');
});

test('asks each server once per turn however many ports a cluster has', async () => {
  const { checks } = servers['ig-north'];
  const began = performance.now();
  await until('some checks', () => servers['ig-north'].checks >= checks + 10);
  expect(performance.now() - began).toBeGreaterThan(9 * 40);
});

test('ends a session when the server it hangs on dies', async () => {
  servers['ig-north'].answer = 200;
  await sendsTo('ig-north');
  const { heard } = session(frontPorts[0]!);
  await until('north answers', () => heard.text === 'north');
  for (const socket of servers['ig-north'].sessions) socket.resetAndDestroy();
  await until('the session ends', () => heard.closed);
  await until('it is counted out', async () => (await view()).sessions === 0);
});
