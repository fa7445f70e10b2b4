import { onHost } from '../hosts/ssh.ts';
import { switchOver } from '../site/console-command.ts';
import type { Scenario } from './scenario.ts';

export const switchoverThereAndBack: Scenario = {
  name: 'switchover',
  fault: null,
  does: 'switch WK1 over from the workstation, and back again',
  expected: 'two planned moves without a wait for the lease; WK2 stays',
  core: true,
  journeys: { WK1: ['first', 'other', 'first'], WK2: ['first'] },
  told: 'operation',
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await switchOver(lab, wk1, other(wk1));
    await waitForActive(wk1, other(wk1));
    await switchOver(lab, wk1, first(wk1));
    await waitForActive(wk1, first(wk1));
  },
};

export const handover: Scenario = {
  name: 'handover',
  fault: 9,
  does: '`ixha handover WK1` on its Active',
  expected: 'handed over without waiting for the lease; WK2 stays',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'operation',
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await onHost(lab, first(wk1), `ixha handover ${wk1.id} --reason 'lab'`);
    await waitForActive(wk1, other(wk1));
  },
};
