import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { must, run } from './command.ts';
import { address, cableName, type HostName, type LabLayout } from './layout.ts';

export interface Delay {
  readonly meanMs: number;
  /** Each piece of data is late by the mean plus or minus up to this; order is kept, as in TCP. */
  readonly jitterMs: number;
}

/**
 * Delays every TCP connection that a host opens to an agent or the witness on these others. The kernel here has no netem: the host's own
 * outgoing connections are turned to a relay on the outer machine, which passes the bytes on late. Returns how to end
 * it: connections that go through it are broken then.
 */
export async function delayPath(
  lab: LabLayout,
  host: HostName,
  others: readonly HostName[],
  delay: Delay,
): Promise<() => Promise<void>> {
  const relays = await Promise.all(
    agentPorts.flatMap((port) => others.map((to) => openRelay(lab, address(lab, to), port, delay))),
  );
  const rules = relays.map(
    ({ to, port, relayPort }) =>
      `    ip daddr ${to} tcp dport ${port} dnat to ${address(lab, 'outer')}:${relayPort}\n`,
  );
  const table = `table ip labdelay {\n  chain out {\n    type nat hook output priority -100;\n${rules.join('')}  }\n}\n`;
  const inside = ['netns', 'exec', cableName(lab, host), 'nft'];
  await must('ip', [...inside, '-f', '-'], { input: table });
  // Connections that are open already know their way: they are made anew.
  await run('ip', [
    'netns',
    'exec',
    cableName(lab, host),
    'ss',
    '-K',
    'dport',
    '>=',
    ':7660',
    'dport',
    '<=',
    ':7699',
  ]);
  return async () => {
    await run('ip', [...inside, 'delete', 'table', 'ip', 'labdelay']);
    for (const relay of relays) relay.close();
  };
}

/** Witness and the API ports of both clusters' agents. */
const agentPorts: readonly number[] = [7660, 7670, 7680];

async function openRelay(lab: LabLayout, to: string, port: number, delay: Delay) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((inner) => {
    const outer = connect(port, to);
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    passLate(inner, outer, delay);
    passLate(outer, inner, delay);
  });
  server.listen(0, address(lab, 'outer'));
  await once(server, 'listening');
  return {
    to,
    port,
    relayPort: (server.address() as { port: number }).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function passLate(from: Socket, to: Socket, { meanMs, jitterMs }: Delay): void {
  let dueMs = 0;
  const late = (act: () => void) => {
    // Never before what came earlier.
    dueMs = Math.max(dueMs, performance.now() + meanMs + (Math.random() * 2 - 1) * jitterMs);
    setTimeout(act, dueMs - performance.now());
  };
  from.on('data', (data: Buffer) => late(() => to.write(data)));
  from.on('close', () => late(() => to.destroy()));
}
