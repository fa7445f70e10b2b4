import { pause, until } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import type { Scenario, Stage } from './scenario.ts';
import {
  agentUnit,
  checkGuardKill,
  killAgainAndAgain,
  leaseAndMoreMs,
  signalRunning,
  waitForGone,
  waitForNewProcess,
} from './steps.ts';

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

export const agentKilledInLoop: Scenario = {
  name: 'agent-killed-in-a-loop',
  fault: 3,
  does: 'kill -9 the agent of WK1 on its Active each time it comes up, until the cluster has moved',
  expected:
    'counted in its own state; no renewal comes through: the engine is stopped at the deadline, the other server takes over',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has run out without a renewal/, /The agent of WK1 on \S+ has died \d+ times/],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive, check } = stage;
    const moved = () => unitProcesses(lab, other(wk1), wk1.unit).length > 0;
    const limits = { deadlineMs: 30_000, everyMs: 20 };
    const kills = await killAgainAndAgain(stage, first(wk1), agentUnit(wk1), moved, limits);
    check('the service manager started it again and again', kills > 5, `${kills} kills`);
    await waitForActive(wk1, other(wk1));
  },
};

export const bothKilled: Scenario = {
  name: 'agent-and-engine-killed',
  fault: 4,
  does: 'kill -9 engine and agent of WK1 on its Active, the agent each time it comes up',
  expected: 'the other server takes over when the lease has run out',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has run out without a renewal/],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive } = stage;
    signalRunning(stage, first(wk1), agentUnit(wk1), 'SIGKILL');
    signalRunning(stage, first(wk1), wk1.unit, 'SIGKILL');
    const moved = () => unitProcesses(lab, other(wk1), wk1.unit).length > 0;
    const limits = { deadlineMs: 30_000, everyMs: 20 };
    await killAgainAndAgain(stage, first(wk1), agentUnit(wk1), moved, limits);
    await waitForActive(wk1, other(wk1));
  },
};

export const bothKilledOnce: Scenario = {
  name: 'agent-and-engine-killed-once',
  fault: 4,
  does: 'kill -9 engine and agent of WK1 on its Active at the same moment, once',
  expected:
    'the agent comes back, finds its engine dead and starts it again under its own lease, or the other takes over',
  held: true,
  journeys: { WK1: /^first → (first|other)$/, WK2: ['first'] },
  told: 'own-checks',
  tells: [/engine/],
  async carryOut(stage) {
    const { lab, wk1, first } = stage;
    signalRunning(stage, first(wk1), agentUnit(wk1), 'SIGKILL');
    signalRunning(stage, first(wk1), wk1.unit, 'SIGKILL');
    await waitForGone(stage, first(wk1), wk1.unit);
    const again = () =>
      [...unitProcesses(lab, first(wk1), wk1.unit), ...unitProcesses(lab, stage.other(wk1), wk1.unit)]
        .length > 0;
    await until('an engine again', again, { deadlineMs: 30_000 });
  },
};

export const agentFrozen: Scenario = {
  name: 'agent-frozen',
  fault: 5,
  does: 'freeze the agent of WK1 on its Active (SIGSTOP), thaw it after the failover',
  expected: 'a guard kills the engine before the lease ends, the other server takes over',
  core: true,
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
