import { pause } from '../hosts/command.ts';
import { cut, heal } from '../hosts/cuts.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
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
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await cutPower(lab, first(wk1));
    try {
      await waitForActive(wk1, other(wk1));
    } finally {
      await bootHost(lab, first(wk1));
    }
  },
};

export const activeIsolated: Scenario = {
  name: 'active-isolated',
  fault: 12,
  does: 'cut WK1’s Active from its peer and the witness; the balancer still reaches it',
  expected: 'it stops by itself, the other server takes over; WK2, whose Passive is cut off, stays',
  core: true,
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await cut(lab, first(wk1), other(wk1));
    await cut(lab, first(wk1), 'wit');
    try {
      await waitForActive(wk1, other(wk1));
      await pause(3_000);
    } finally {
      await heal(lab);
    }
  },
};
