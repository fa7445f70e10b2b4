import { pause } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import type { Scenario, Stage } from './scenario.ts';
import { checkGuardKill, agentUnit, leaseAndMoreMs, signalRunning, waitForNewProcess } from './steps.ts';

export const agentKilled: Scenario = {
  name: 'agent-killed',
  fault: 2,
  does: 'kill -9 the agent of WK1 on its Active',
  expected: 'restarted, proves its lease, the engine is not touched',
  core: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/the agent was restarted and proves the lease/],
  carryOut: (stage) => endAgent(stage, 'SIGKILL'),
};

export const agentTerminated: Scenario = {
  name: 'agent-terminated',
  fault: 2,
  does: 'SIGTERM to the agent of WK1 on its Active',
  expected: 'restarted, proves its lease, the engine is not touched',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/the agent was restarted and proves the lease/],
  carryOut: (stage) => endAgent(stage, 'SIGTERM'),
};

export const agentFrozen: Scenario = {
  name: 'agent-frozen',
  fault: 5,
  does: 'freeze the agent of WK1 on its Active (SIGSTOP), thaw it after the failover',
  expected: 'a guard kills the engine before the lease ends, the other server takes over',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has run out without a renewal/],
  async carryOut(stage) {
    const { wk1, first, other, waitForActive } = stage;
    signalRunning(stage, first(wk1), agentUnit(wk1), 'SIGSTOP');
    await waitForActive(wk1, other(wk1));
    await checkGuardKill(stage, wk1, first(wk1), { name: 'a guard noted its kill', numbers: '*' });
  },
};

async function endAgent(stage: Stage, signal: NodeJS.Signals): Promise<void> {
  const { lab, wk1, first } = stage;
  const before = unitProcesses(lab, first(wk1), agentUnit(wk1));
  signalRunning(stage, first(wk1), agentUnit(wk1), signal);
  await waitForNewProcess(stage, first(wk1), agentUnit(wk1), before);
  // Long enough for the lease to run out if the new agent failed to keep it.
  await pause(leaseAndMoreMs(wk1));
}
