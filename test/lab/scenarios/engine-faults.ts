import { until } from '../hosts/command.ts';
import { signalUnit, unitProcesses } from '../hosts/control-group.ts';
import { signalIfThere } from '../hosts/signal.ts';
import type { Scenario } from './scenario.ts';

export const engineKilled: Scenario = {
  name: 'engine-killed',
  fault: 1,
  does: 'kill -9 the engine of WK1 once',
  expected: 'restarted on the same server, nothing moves',
  core: true,
  held: false,
  journeys: { WK1: ['first', 'first'], WK2: ['first'] },
  told: 'restart',
  async carryOut({ lab, wk1, first, waitForActive }) {
    signalUnit(lab, first(wk1), wk1.unit, 'SIGKILL');
    await until('the engine gone', () => unitProcesses(lab, first(wk1), wk1.unit).length === 0, {
      deadlineMs: 5_000,
      everyMs: 5,
    });
    await waitForActive(wk1, first(wk1));
  },
};

export const oneClusterBroken: Scenario = {
  name: 'one-cluster-broken',
  fault: 41,
  does: 'kill -9 the engine of WK1 each time it comes up on its server, until it is handed over',
  expected: 'WK1 moves after its local restarts are used up; WK2 is not touched',
  core: false,
  held: false,
  // Restarts of the last ten minutes count, and an earlier scenario may have used one.
  journeys: { WK1: /^first( → first){1,2} → other$/, WK2: ['first'] },
  told: 'failover',
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    const killed = new Set<number>();
    await until(
      'WK1 handed over',
      () => {
        for (const pid of unitProcesses(lab, first(wk1), wk1.unit)) {
          if (!killed.has(pid)) signalIfThere(pid, 'SIGKILL');
          killed.add(pid);
        }
        return unitProcesses(lab, other(wk1), wk1.unit).length > 0;
      },
      { deadlineMs: 60_000, everyMs: 500 },
    );
    await waitForActive(wk1, other(wk1));
  },
};
