import { once } from 'node:events';
import { pause, until } from '../hosts/command.ts';
import { signalUnit } from '../hosts/control-group.ts';
import { memberHosts, type HostName } from '../hosts/layout.ts';
import { ixha, startIxha, switchOverWords } from '../site/console-command.ts';
import type { Scenario, Stage } from './scenario.ts';
import { agentUnit, firstLineWith, leaseAndMoreMs, staysActive, staysDown } from './steps.ts';

/** Steps of a switchover in their order, and whose agent carries each out. */
const steps: readonly (readonly [step: string, by: 'first' | 'other'])[] = [
  ['drain', 'first'],
  ['stop-pollers', 'first'],
  ['stop-engine', 'first'],
  ['seal-ledger', 'first'],
  ['end-epoch', 'first'],
  ['release', 'first'],
  ['acquire', 'other'],
  ['prove-storage', 'other'],
  ['start-engine', 'other'],
  ['start-components', 'other'],
];

export const agentDiesInSwitchover: Scenario = {
  name: 'agent-dies-in-each-step',
  fault: 29,
  does: 'ask for a switchover of WK1 again and again, and kill -9 the agent at work right after one of its steps, another one each time',
  expected: 'each ends as done or rolled back, with one Active',
  held: true,
  journeys: { WK1: /^first( → (first|other))+$/, WK2: ['first'] },
  told: 'operation',
  async carryOut(stage) {
    let met = 0;
    for (const [step, by] of steps) met += (await switchoverWithDeath(stage, step, by)) ? 1 : 0;
    // A step that has nothing to do is not told: pollers that were off already, a ledger that nobody could read.
    stage.check('most of the steps were met', met >= 6, `${met} of ${steps.length}`);
  },
};

/** From where the cluster is at that moment to the other server; whether the step was seen. */
async function switchoverWithDeath(stage: Stage, step: string, by: 'first' | 'other'): Promise<boolean> {
  const { lab, wk1 } = stage;
  const from = await stage.waitForAnyActive(wk1);
  const to = memberHosts.find((host) => host !== from)!;
  const before = stage.journal(wk1).length;
  const asking = startIxha(lab, switchOverWords(wk1, to));
  const ended = once(asking, 'exit');
  const victim: HostName = by === 'first' ? from : to;
  const reached = () =>
    stage
      .journal(wk1)
      .slice(before)
      .some((record) => record.step === step);
  const seen = await until(step, reached, { deadlineMs: 15_000, everyMs: 5 }).then(
    () => true,
    () => false,
  );
  signalUnit(lab, victim, agentUnit(wk1), 'SIGKILL');
  await stage.waitForAnyActive(wk1);
  await Promise.race([ended, pause(10_000)]);
  asking.kill('SIGKILL');
  return seen;
}

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
  does: 'maintenance of WK1 for a minute; its engine is killed meanwhile, and nobody ends the maintenance',
  expected: 'nothing is started while it lasts, and it is told; at its end the cluster comes back by itself',
  held: true,
  journeys: { WK1: /^first → (first|other)$/, WK2: ['first'] },
  told: 'own-checks',
  tells: [/aintenance/],
  async carryOut(stage) {
    const { lab, wk1, first, undo, check } = stage;
    undo(() => ixha(lab, ['end-maintenance', wk1.id, '--reason', 'lab']));
    const asked = await ixha(lab, ['maintenance', wk1.id, '--minutes', '1', '--reason', 'lab']);
    check('it is accepted', asked.code === 0, (asked.stdout + asked.stderr).trim().slice(0, 200));
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
    signalUnit(lab, first(wk1), wk1.unit, 'SIGKILL');
    await pause(500);
    await staysDown(stage, wk1, 10_000);
    const { stdout } = await ixha(lab, ['status']);
    check('ixha status tells it', /aintenance/.test(stdout), firstLineWith(stdout, /aintenance/));
    await stage.waitForAnyActive(wk1);
  },
};
