import { pause } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import { onHost } from '../hosts/ssh.ts';
import { engineHosts } from '../judge/observe.ts';
import type { Scenario } from './scenario.ts';
import {
  agentUnit,
  checkGuardKill,
  guardUnit,
  leaseAndMoreMs,
  signalRunning,
  staysActive,
  waitForNewProcess,
} from './steps.ts';

export const guardKilled: Scenario = {
  name: 'guard-killed',
  fault: 7,
  does: 'kill -9 one guard of WK1 on its Active',
  expected: 'the service manager starts it again; the engine is not touched',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'own-checks',
  async carryOut(stage) {
    const { lab, wk1, first } = stage;
    const before = unitProcesses(lab, first(wk1), guardUnit(wk1, 1));
    signalRunning(stage, first(wk1), guardUnit(wk1, 1), 'SIGKILL');
    await waitForNewProcess(stage, first(wk1), guardUnit(wk1, 1), before);
    await staysActive(stage, wk1, 2_000);
  },
};

export const guardFrozen: Scenario = {
  name: 'guard-frozen',
  fault: 7,
  does: 'freeze one guard of WK1 on its Active',
  expected: 'the agent sees it silent and restarts it; the engine is not touched',
  core: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'own-checks',
  tells: [/one of its two guards is silent/],
  async carryOut(stage) {
    const { lab, wk1, first } = stage;
    const before = unitProcesses(lab, first(wk1), guardUnit(wk1, 2));
    signalRunning(stage, first(wk1), guardUnit(wk1, 2), 'SIGSTOP');
    await waitForNewProcess(stage, first(wk1), guardUnit(wk1, 2), before);
    await staysActive(stage, wk1, 2_000);
  },
};

export const bothGuardsFrozen: Scenario = {
  name: 'both-guards-frozen',
  fault: 7,
  does: 'freeze both guards of WK1 on its Active',
  expected: 'both are restarted, or the engine is stopped at once: it never runs on unguarded',
  held: true,
  journeys: { WK1: /^first( → (first|other))?$/, WK2: ['first'] },
  told: 'own-checks',
  tells: [/guards? (is|are) silent/],
  async carryOut(stage) {
    const { lab, wk1, first, waitForAnyActive } = stage;
    const host = first(wk1);
    const units = ([1, 2] as const).map((number) => guardUnit(wk1, number));
    const before = units.flatMap((unit) => unitProcesses(lab, host, unit));
    for (const unit of units) signalRunning(stage, host, unit, 'SIGSTOP');
    for (const unit of units) await waitForNewProcess(stage, host, unit, before);
    await waitForAnyActive(wk1);
  },
};

export const bothGuardsGone: Scenario = {
  name: 'both-guards-gone',
  fault: 7,
  does: 'the program of the guards is gone from WK1’s Active, and both guards of WK1 die; put back after 10 s',
  expected:
    'nothing would stop the engine in time, so it is stopped at once; it comes back where guards beat',
  held: true,
  journeys: { WK1: /^first( → (first|other))*$/, WK2: ['first'] },
  told: 'own-checks',
  tells: [/both guards are silent/],
  async carryOut(stage) {
    const { lab, wk1, first, undo, waitForAnyActive, waitForWords } = stage;
    const host = first(wk1);
    const program = '/usr/lib/ixha/current/scripts/guard.sh';
    const back = `if [ -e ${program}.lab ]; then mv ${program}.lab ${program}; fi`;
    undo(() => onHost(lab, host, back));
    await onHost(lab, host, `mv ${program} ${program}.lab`);
    for (const number of [1, 2] as const) signalRunning(stage, host, guardUnit(wk1, number), 'SIGKILL');
    await waitForWords(wk1, /both guards are silent/);
    await pause(8_000);
    await onHost(lab, host, back);
    await waitForAnyActive(wk1);
  },
};

export const agentAndGuardFrozen: Scenario = {
  name: 'agent-and-one-guard-frozen',
  fault: 7,
  does: 'freeze the agent and one guard of WK1 on its Active',
  expected: 'the other guard kills the engine in time, the other server takes over',
  core: true,
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has run out without a renewal/],
  async carryOut(stage) {
    const { wk1, first, other, waitForActive } = stage;
    signalRunning(stage, first(wk1), agentUnit(wk1), 'SIGSTOP');
    signalRunning(stage, first(wk1), guardUnit(wk1, 1), 'SIGSTOP');
    await waitForActive(wk1, other(wk1));
    await checkGuardKill(stage, wk1, first(wk1), { name: 'the other guard noted its kill', numbers: '2' });
  },
};

export const startByHand: Scenario = {
  name: 'start-by-hand-on-the-passive',
  fault: 7,
  does: 'as root on WK1’s Passive: systemctl start, restart and a hundred starts in a row of its engine',
  expected: 'the gate refuses every one; the Active is not touched',
  core: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  async carryOut(stage) {
    const { lab, wk1, other, check } = stage;
    const ways = `systemctl start ${wk1.unit}; systemctl restart ${wk1.unit};
      for i in $(seq 100); do systemctl start --no-block ${wk1.unit}; done; sleep 1;
      systemctl show ${wk1.unit} -p ActiveState --value`;
    const state = (await onHost(lab, other(wk1), ways)).trim();
    check('the unit stays off', state === 'inactive', state);
    await staysActive(stage, wk1, 1_000);
  },
};

export const thawedAgentStarts: Scenario = {
  name: 'thawed-agent-asks-for-a-start',
  fault: 7,
  does: 'kill WK1’s engine and freeze its agent at once, so that a start may be under way; thaw it after the failover',
  expected:
    'whatever the old agent still had in hand, the gate refuses its start: the engine runs on the other server only',
  held: true,
  journeys: { WK1: /^first( → first)? → other$/, WK2: ['first'] },
  told: 'failover',
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive, check } = stage;
    signalRunning(stage, first(wk1), wk1.unit, 'SIGKILL');
    await pause(60);
    signalRunning(stage, first(wk1), agentUnit(wk1), 'SIGSTOP');
    await waitForActive(wk1, other(wk1));
    signalRunning(stage, first(wk1), agentUnit(wk1), 'SIGCONT');
    await pause(leaseAndMoreMs(wk1));
    const hosts = engineHosts(lab, wk1);
    check('one engine, on the other server', hosts.join() === other(wk1), hosts.join());
  },
};
