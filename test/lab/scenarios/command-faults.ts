import { pause, until } from '../hosts/command.ts';
import { signalUnit } from '../hosts/control-group.ts';
import { cutPower } from '../hosts/host.ts';
import { ixha, startIxha, switchOverWords } from '../site/console-command.ts';
import type { Scenario } from './scenario.ts';
import { firstLineWith, leaseAndMoreMs, staysActive, staysDown } from './steps.ts';

export const consoleKilled: Scenario = {
  name: 'console-killed-in-the-middle',
  fault: 42,
  does: 'ask for a switchover of WK1 and kill the workstation’s program as soon as the first step is told',
  expected: 'the servers go on by themselves: the switchover ends as it was asked for',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'operation',
  async carryOut({ lab, wk1, other, journal, waitForActive }) {
    const asking = startIxha(lab, switchOverWords(wk1, other(wk1)));
    await until('a first step', () => journal(wk1).some(({ step }) => step !== null), {
      deadlineMs: 15_000,
      everyMs: 5,
    });
    asking.kill('SIGKILL');
    await waitForActive(wk1, other(wk1));
  },
};

export const twoConsoles: Scenario = {
  name: 'two-consoles-at-once',
  fault: 42,
  does: 'ask for a switchover of WK1 from four workstations at the same moment',
  expected: 'one wins, the others are told; one move',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'operation',
  async carryOut({ lab, wk1, other, check, waitForActive }) {
    const asked = Array.from({ length: 4 }, () => ixha(lab, switchOverWords(wk1, other(wk1))));
    const answers = await Promise.all(asked);
    const codes = answers.map(({ code }) => code);
    const done = codes.filter((code) => code === 0).length;
    check('one at least was carried out', done >= 1, codes.join(', '));
    const told = answers.every(({ code, stderr, stdout }) => code === 0 || (stderr + stdout).trim() !== '');
    check('who lost was told why', told, answers.map(({ stderr }) => stderr.split('\n')[0]).join(' | '));
    await waitForActive(wk1, other(wk1));
  },
};

export const maintenanceForgotten: Scenario = {
  name: 'maintenance-forgotten',
  fault: 35,
  does: 'maintenance of WK1 for a minute; its engine is killed meanwhile, then the power of its server is cut, and nobody ends the maintenance',
  expected:
    'nothing is started while it lasts, and it is told; at its end the other server takes over by itself',
  held: true,
  nobodyCan: 'nothing may be started while maintenance lasts',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/aintenance/],
  async carryOut(stage) {
    const { lab, wk1, first, other, undo, check } = stage;
    undo(() => ixha(lab, ['end-maintenance', wk1.id, '--reason', 'lab']));
    const asked = await ixha(lab, ['maintenance', wk1.id, '--minutes', '1', '--reason', 'lab']);
    check('it is accepted', asked.code === 0, (asked.stdout + asked.stderr).trim().slice(0, 200));
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
    signalUnit(lab, first(wk1), wk1.unit, 'SIGKILL');
    await pause(500);
    await staysDown(stage, wk1, 10_000);
    const { stdout } = await ixha(lab, ['status']);
    check('ixha status tells it', /aintenance/.test(stdout), firstLineWith(stdout, /aintenance/));
    await cutPower(lab, first(wk1));
    await staysDown(stage, wk1, 2 * leaseAndMoreMs(wk1));
    await stage.waitForActive(wk1, other(wk1));
  },
};
