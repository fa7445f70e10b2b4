import { connect } from 'node:net';
import { once } from 'node:events';
import { pause } from '../hosts/command.ts';
import { signalUnit } from '../hosts/control-group.ts';
import { frontend } from '../site/lab-site.ts';
import { switchOver } from '../site/console-command.ts';
import type { Scenario } from './scenario.ts';

export const longConnectionCut: Scenario = {
  name: 'long-connection',
  fault: 38,
  does: 'open an LLP connection through the balancer that says nothing, then switch WK1 over',
  expected: 'the connection is cut: nobody can go on talking to the old Active',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'operation',
  async carryOut({ lab, wk1, other, check, waitForActive }) {
    const { address, port } = frontend(lab, wk1);
    const socket = connect(port, address);
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    let closed = false;
    socket.on('close', () => (closed = true));
    await pause(1_000);
    check('it is open before', !closed, closed ? 'closed' : 'open');
    await switchOver(lab, wk1, other(wk1));
    await waitForActive(wk1, other(wk1));
    await pause(1_000);
    check('it is cut by the move', closed, closed ? 'closed' : 'still open');
    socket.destroy();
  },
};

export const balancerFrozen: Scenario = {
  name: 'balancer-frozen',
  fault: 38,
  does: 'freeze the balancer, switch WK1 over, and let it go on: it still sends to the old Active until its next check',
  expected: 'nothing is accepted by the old Active; messages go on at the new one',
  held: true,
  nobodyCan: 'the balancer itself stands still',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'operation',
  async carryOut({ lab, wk1, other, waitForActive }) {
    if (signalUnit(lab, 'lb', 'haproxy.service', 'SIGSTOP') === 0) throw new Error('haproxy does not run');
    await switchOver(lab, wk1, other(wk1));
    await waitForActive(wk1, other(wk1));
    await pause(1_000);
    signalUnit(lab, 'lb', 'haproxy.service', 'SIGCONT');
  },
};
