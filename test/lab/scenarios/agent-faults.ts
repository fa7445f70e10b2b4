import { pause, until } from '../hosts/command.ts';
import { signalUnit, unitProcesses } from '../hosts/control-group.ts';
import { tryOnHost } from '../hosts/ssh.ts';
import type { Scenario, Stage } from './scenario.ts';

export const agentKilled: Scenario = {
  name: 'agent-killed',
  fault: 2,
  does: 'kill -9 the agent of WK1 on its Active',
  expected: 'restarted, proves its lease, the engine is not touched',
  core: true,
  held: false,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  carryOut: (stage) => endAgent(stage, 'SIGKILL'),
};

export const agentTerminated: Scenario = {
  name: 'agent-terminated',
  fault: 2,
  does: 'SIGTERM to the agent of WK1 on its Active',
  expected: 'restarted, proves its lease, the engine is not touched',
  core: true,
  held: false,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  carryOut: (stage) => endAgent(stage, 'SIGTERM'),
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
  async carryOut({ lab, wk1, first, other, waitForActive, check }) {
    const agent = agentUnit(wk1.id);
    if (signalUnit(lab, first(wk1), agent, 'SIGSTOP') === 0) throw new Error(`${agent} does not run`);
    try {
      await waitForActive(wk1, other(wk1));
      const kills = await tryOnHost(lab, first(wk1), `cat /run/ixha/${wk1.id}/kill-*`);
      check(
        'a guard noted its kill',
        /^\d+ \S/m.test(kills.stdout),
        kills.stdout.trim() || kills.stderr.trim(),
      );
    } finally {
      signalUnit(lab, first(wk1), agent, 'SIGCONT');
    }
  },
};

/** Long enough for a lease of the preset to run out if the new agent failed to keep it. */
const leaseAndMoreMs = 6_000;

async function endAgent({ lab, wk1, first }: Stage, signal: NodeJS.Signals): Promise<void> {
  const agent = agentUnit(wk1.id);
  const before = unitProcesses(lab, first(wk1), agent);
  if (before.length === 0) throw new Error(`${agent} does not run`);
  signalUnit(lab, first(wk1), agent, signal);
  const back = () => {
    const now = unitProcesses(lab, first(wk1), agent);
    return now.length > 0 && !now.some((pid) => before.includes(pid));
  };
  await until('a new agent', back, { deadlineMs: 10_000, everyMs: 20 });
  await pause(leaseAndMoreMs);
}

export function agentUnit(cluster: string): string {
  return `ixha-agent@${cluster}.service`;
}
