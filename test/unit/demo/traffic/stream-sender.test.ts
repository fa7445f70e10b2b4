import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { StreamSender } from '../../../../electron/demo/traffic/stream-sender.ts';

let server: Server;
afterEach(() => server.close());

it('connects again when it is hurried, long before its pause is over', async () => {
  let connections = 0;
  server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined).destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const sender = new StreamSender({
    stream: {
      id: 'judge-WK1',
      cluster: 'WK1',
      kind: 'judge',
      address: '127.0.0.1',
      port,
      perSecond: 5,
      receiver: 'behind-WK1',
      ackTimeoutMs: 1_000,
      resends: 0,
      reconnectMs: 3_600_000,
    },
    run: 'test',
    bootMs: () => performance.now(),
    events: { sent: () => undefined, acknowledged: () => undefined },
  });
  const running = sender.run();
  await vi.waitFor(() => expect(connections).toBe(1), { timeout: 5_000, interval: 10 });
  const again = () => {
    sender.hurry();
    expect(connections).toBeGreaterThan(1);
  };
  await vi.waitFor(again, { timeout: 5_000, interval: 20 });
  sender.stop();
  await running;
});
