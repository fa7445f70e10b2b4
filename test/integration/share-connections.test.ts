import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shareConnections } from '../../agent/api/share-connections.ts';
import { until } from './demo-harness.ts';

/** Goal: one caller cannot shut the others out. Method: a server with few places, callers with addresses of their own. */
let server: Server;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('here'));
  });
  shareConnections(server, 8);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

function open(localAddress: string): Socket {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined).resume();
  sockets.push(socket);
  return socket;
}

function isAnswered(localAddress: string): Promise<boolean> {
  const socket = open(localAddress);
  socket.write('hello');
  return new Promise((resolve) => {
    socket.on('data', () => resolve(true));
    socket.on('close', () => resolve(false));
  });
}

describe('a server that shares its connections', () => {
  it('answers the balancer while somebody else takes all he can get', async () => {
    const flood = Array.from({ length: 30 }, () => open('127.0.0.2'));
    await until('the rest refused', () => flood.filter((socket) => socket.closed).length === 26);
    expect(await isAnswered('127.0.0.2')).toBe(false);
    expect(await isAnswered('127.0.0.1')).toBe(true);
  });

  it('has room for the same caller again once he has closed some', async () => {
    const flood = Array.from({ length: 4 }, () => open('127.0.0.2'));
    await Promise.all(flood.map((socket) => once(socket, 'connect')));
    expect(await isAnswered('127.0.0.2')).toBe(false);
    flood[0]!.destroy();
    expect(await until('an answer', () => isAnswered('127.0.0.2'))).toBe(true);
  });
});
