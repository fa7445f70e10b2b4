import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBench, freePort, until, type Bench } from './demo-harness.ts';

/** The relays between the demo's servers, with an echo on the far side of each. */
let bench: Bench;
let controlPort: number;
let echo: Server;
let ports: Record<string, number>;
const far: Socket[] = [];

beforeEach(async () => {
  bench = createBench();
  echo = createServer((socket) => {
    far.push(socket);
    socket.on('error', () => undefined).pipe(socket);
  });
  const echoPort = await freePort();
  await new Promise<void>((resolve) => echo.listen(echoPort, '127.0.0.1', resolve));
  controlPort = await freePort();
  ports = {
    north: await freePort(),
    south: await freePort(),
    witness: await freePort(),
    nobody: await freePort(),
  };
  const link = (id: string, from: string, to: string, targetPort = echoPort) => ({
    id,
    from,
    to,
    listen: { address: '127.0.0.1', port: ports[id] },
    target: { address: '127.0.0.1', port: targetPort },
  });
  bench.program('electron/demo/network/main.ts', {
    control: { address: '127.0.0.1', port: controlPort },
    links: [
      link('north', 'ig-south', 'ig-north'),
      link('south', 'ig-north', 'ig-south'),
      link('witness', 'ig-north', 'ig-witness'),
      link('nobody', 'ig-south', 'ig-witness', await freePort()),
    ],
  });
  await until(
    'the network answers',
    async () => (await call('GET', '/links').catch(() => undefined)) !== undefined,
  );
});
afterEach(() => {
  for (const socket of far.splice(0)) socket.destroy();
  echo.close();
  bench.clean();
});

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${controlPort}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

/** A client that remembers what it heard. */
function client(id: string) {
  const socket = connect({ host: '127.0.0.1', port: ports[id]! });
  const heard = { text: '', ended: false, closed: false, connected: false };
  socket.setEncoding('utf8').on('error', () => undefined);
  socket.on('connect', () => (heard.connected = true));
  socket.on('data', (text: string) => (heard.text += text));
  socket.on('end', () => (heard.ended = true));
  socket.on('close', () => (heard.closed = true));
  return {
    socket,
    heard,
    says: (text: string) => until(`${id} hears ${text}`, () => heard.text.endsWith(text)),
  };
}

test('carries bytes and both ends of a connection', async () => {
  const { socket, heard, says } = client('north');
  socket.write('hello');
  await says('hello');
  socket.end();
  await until('the end is passed on', () => heard.closed);
  expect(await call('GET', '/links')).toMatchObject({
    status: 200,
    body: [{ id: 'north', cut: false }, {}, {}, {}],
  });
});

test('cuts both directions silently, touches no other link, and delivers nothing late after healing', async () => {
  const cutOnes = [client('north'), client('south')];
  const other = client('witness');
  for (const { socket, says } of [...cutOnes, other]) {
    socket.write('one');
    await says('one');
  }
  expect((await call('POST', '/cut', { a: 'ig-north', b: 'ig-south' })).status).toBe(200);
  const late = client('north');
  for (const { socket } of [...cutOnes, late, other]) socket.write('two');
  await other.says('two');
  await until('the late one is accepted', () => late.heard.connected);
  // Once the far side ends its connection, the near side must not learn of it either.
  far[0]!.destroy();
  other.socket.write('three');
  await other.says('three');
  for (const { heard } of cutOnes) expect(heard).toMatchObject({ text: 'one', ended: false, closed: false });
  expect(late.heard).toMatchObject({ text: '', closed: false });

  expect((await call('POST', '/heal')).status).toBe(200);
  for (const { heard } of [...cutOnes, late]) await until('both ends see a close', () => heard.closed);
  expect(cutOnes.map(({ heard }) => heard.text)).toEqual(['one', 'one']);
  expect(other.heard.closed).toBe(false);
  const fresh = client('north');
  fresh.socket.write('four');
  await fresh.says('four');
  for (const { socket } of [other, fresh]) socket.destroy();
});

test('closes a connection whose target does not listen', async () => {
  const { heard } = client('nobody');
  await until('it is closed', () => heard.closed);
});

test('refuses cuts between servers without a link, and requests that name another host', async () => {
  expect((await call('POST', '/cut', { a: 'ig-north', b: 'ig-east' })).status).toBe(404);
  expect((await call('POST', '/cut', { a: 'ig-north' })).status).toBe(400);
  expect((await call('GET', '/elsewhere')).status).toBe(404);
});
