import { until } from '../hosts/command.ts';
import { isPopulated } from '../hosts/control-group.ts';
import { cutPower } from '../hosts/host.ts';
import { tryOnHost } from '../hosts/ssh.ts';
import type { Scenario } from './scenario.ts';

export const powerOff: Scenario = {
  name: 'power-off',
  fault: 10,
  does: 'cut the power of WK1’s Active, boot it after the failover',
  expected: 'the other server takes over; the old one comes back Passive; WK2 stays',
  core: true,
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has run out without a renewal/],
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await cutPower(lab, first(wk1));
    await waitForActive(wk1, other(wk1));
  },
};

export const rebootInOrder: Scenario = {
  name: 'reboot-in-order',
  fault: 9,
  does: '`reboot` on WK1’s Active',
  expected:
    'its engine stops, the lease is released, the other server takes over without a wait for the lease',
  core: true,
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has stopped: the server shuts down/, /has handed over and reserved the lease/],
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await tryOnHost(lab, first(wk1), 'systemctl reboot', 5_000);
    await waitForActive(wk1, other(wk1));
    await until('the host off', () => !isPopulated(lab, first(wk1)), { deadlineMs: 60_000, everyMs: 100 });
  },
};
