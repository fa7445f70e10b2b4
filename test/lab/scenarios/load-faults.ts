import { connect, type Socket } from 'node:net';
import { pause } from '../hosts/command.ts';
import { address, memberHosts } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';
import type { LabCluster } from '../site/lab-site.ts';
import type { Scenario } from './scenario.ts';
import { agentUnit, signalRunning, staysActive } from './steps.ts';

export const starvedOfCpu: Scenario = {
  name: 'cpu-starved',
  fault: 39,
  subject: 'WK2',
  does: 'eight busy loops on WK2’s Active for 40 s, on a machine with two cores for all hosts',
  expected: 'preset normal does not move',
  held: true,
  nobodyCan: 'all hosts share the two cores that are kept busy',
  journeys: { WK1: /./, WK2: ['first'] },
  told: 'nothing',
  async carryOut(stage) {
    const { lab, wk2, first, undo } = stage;
    undo(() => onHost(lab, first(wk2), 'systemctl stop "lab-busy@*" lab-busy-* 2>/dev/null; true'));
    // They end by themselves as well: a starved machine may not let anybody sign in to end them.
    const limit = '--property=RuntimeMaxSec=60';
    const start = `for i in 1 2 3 4 5 6 7 8; do
      systemd-run --quiet --collect ${limit} --unit=lab-busy-$i sh -c 'while :; do :; done'; done`;
    await onHost(lab, first(wk2), start);
    // The balancer may wait too long for an answer meanwhile: what must not happen is a move.
    await pause(40_000);
  },
};

export const agentOutOfMemory: Scenario = {
  name: 'agent-killed-for-memory',
  fault: 39,
  subject: 'WK2',
  does: 'kill -9 the agents of WK2 on both servers at once, as the kernel does without memory, three times',
  expected: 'preset normal does not move',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  async carryOut(stage) {
    const { wk2 } = stage;
    for (let turn = 0; turn < 3; turn += 1) {
      for (const host of memberHosts) signalRunning(stage, host, agentUnit(wk2), 'SIGKILL');
      await pause(4_000);
    }
  },
};

/** What is done to a port again and again. */
const attacks: readonly ((socket: Socket) => void)[] = [
  () => undefined, // Opened and left alone.
  (socket) => socket.write('GET / HTTP/1.1\r\n'), // Never ended.
  (socket) => socket.write(Buffer.alloc(200_000, 0x41)), // No protocol at all.
  (socket) => socket.write(`POST /active HTTP/1.1\r\nhost: x\r\ncontent-length: 900000000\r\n\r\n`),
  (socket) => socket.write(`GET /active HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(200)),
];

export const flooded: Scenario = {
  name: 'ports-flooded',
  fault: 40,
  does: 'open 400 connections a second to all ports of both agents of WK1, slow, huge and senseless, for 15 s',
  expected: 'renewals go on, nothing moves; memory and descriptors are as before afterwards',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  async carryOut(stage) {
    const { lab, wk1, check } = stage;
    const sockets = new Set<Socket>();
    let opened = 0;
    const flood = setInterval(() => {
      for (const host of memberHosts) {
        for (const port of portsOf(wk1)) {
          for (const attack of attacks) opened += attackOnce(sockets, address(lab, host), port, attack);
        }
      }
    }, 50);
    try {
      await staysActive(stage, wk1, 15_000);
    } finally {
      clearInterval(flood);
      for (const socket of sockets) socket.destroy();
    }
    check('the ports were flooded', opened > 2_000, `${opened} connections`);
  },
};

/** Of the agent's API, and of what the balancer asks. */
function portsOf(cluster: LabCluster): number[] {
  return [7670 + 10 * cluster.index, 7671 + 10 * cluster.index];
}

function attackOnce(
  sockets: Set<Socket>,
  host: string,
  port: number,
  attack: (socket: Socket) => void,
): number {
  const socket = connect(port, host, () => attack(socket));
  sockets.add(socket);
  socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  socket.setTimeout(3_000, () => socket.destroy());
  socket.resume();
  return 1;
}
