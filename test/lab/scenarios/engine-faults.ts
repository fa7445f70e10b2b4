import { unitProcesses } from '../hosts/control-group.ts';
import type { Scenario } from './scenario.ts';
import { killAgainAndAgain, signalRunning, waitForGone } from './steps.ts';

export const engineKilled: Scenario = {
  name: 'engine-killed',
  fault: 1,
  does: 'kill -9 the engine of WK1 once',
  expected: 'restarted on the same server, nothing moves',
  core: true,
  journeys: { WK1: ['first', 'first'], WK2: ['first'] },
  told: 'restart',
  tells: [/the engine died; this is local restart \d of 2/],
  async carryOut(stage) {
    const { wk1, first, waitForActive } = stage;
    signalRunning(stage, first(wk1), wk1.unit, 'SIGKILL');
    await waitForGone(stage, first(wk1), wk1.unit);
    await waitForActive(wk1, first(wk1));
  },
};

export const oneClusterBroken: Scenario = {
  name: 'one-cluster-broken',
  fault: 41,
  does: 'kill -9 the engine of WK1 each time it comes up on its server, until it is handed over',
  expected:
    'WK1 moves after its local restarts are used up, without a wait for the lease; WK2 is not touched',
  // Restarts of the last ten minutes count, and an earlier scenario may have used one.
  journeys: { WK1: /^first( → first){0,2} → other$/, WK2: ['first'] },
  told: 'failover',
  tells: [/the engine died \d times within ten minutes/],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive } = stage;
    const moved = () => unitProcesses(lab, other(wk1), wk1.unit).length > 0;
    await killAgainAndAgain(stage, first(wk1), wk1.unit, moved, { deadlineMs: 60_000, everyMs: 500 });
    await waitForActive(wk1, other(wk1));
  },
};
