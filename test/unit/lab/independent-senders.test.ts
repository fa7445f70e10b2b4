import { existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  mllpSendProgram,
  sendWithMllpSend,
  sendWithNodeClient,
  type Target,
} from '../../lab/judge/independent-senders.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

/** Accepts messages, but closes the connection instead of answering the third one it gets. */
async function unsteadyReceiver(received: string[]): Promise<Target> {
  let count = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const id = chunk.toString('latin1').split('|')[9] ?? '';
      count += 1;
      if (count === 3) return void socket.destroy();
      received.push(id);
      socket.write(`\x0bMSH|^~\\&|R|R|S|S|20260101000000||ACK|A${id}|T|2.5\rMSA|AA|${id}\r\x1c\r`);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

describe('senders that are not ours', () => {
  it('repeat what was not accepted over a new connection: node-hl7-client', async () => {
    const received: string[] = [];
    const report = await sendWithNodeClient(await unsteadyReceiver(received), () => received.length >= 5);
    expect(report.repeated).toBe(1);
    expect(report.accepted).toEqual(received);
  });

  it('repeat what was not accepted with a new process: mllp_send', async ({ skip }) => {
    if (!existsSync(mllpSendProgram)) skip(`missing: ${mllpSendProgram} (package python3-hl7)`);
    const received: string[] = [];
    const report = await sendWithMllpSend(await unsteadyReceiver(received), () => received.length >= 5);
    expect(report.repeated).toBe(1);
    expect(report.accepted).toEqual(received);
  });
});
