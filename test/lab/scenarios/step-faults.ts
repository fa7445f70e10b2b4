import { once } from 'node:events';
import { pause, until } from '../hosts/command.ts';
import { signalUnit } from '../hosts/control-group.ts';
import { memberHosts, type HostName } from '../hosts/layout.ts';
import { ixhaExitCode, startIxha, switchOverWords } from '../site/console-command.ts';
import { plans, type PlannedStep } from '../../../shared/failover/plan.ts';
import type { Scenario, Stage } from './scenario.ts';
import { agentUnit, signalRunning, waitForGone } from './steps.ts';

export const agentDiesInSwitchover: Scenario = {
  name: 'agent-dies-in-each-step',
  fault: 29,
  does: 'ask for a switchover of WK1 again and again, and kill -9 the agent at work right after one of its steps, another one each time',
  expected: 'each ends as done or rolled back, with one Active',
  held: true,
  limitMs: 360_000,
  journeys: { WK1: /^first( → (first|other))+$/, WK2: ['first'] },
  told: 'operation',
  async carryOut(stage) {
    await eachStep(stage, plans.switchover, switchoverWithDeath);
  },
};

export const agentDiesInFailover: Scenario = {
  name: 'agent-dies-in-each-step-of-a-failover',
  fault: 29,
  does: 'freeze the agent of WK1’s Active again and again, and kill -9 the taker’s right after one of its steps, another one each time',
  expected: 'each failover is gone on with where it stood, with one Active',
  held: true,
  limitMs: 360_000,
  journeys: { WK1: /^first( → (first|other))+$/, WK2: ['first'] },
  told: 'failover',
  async carryOut(stage) {
    await eachStep(stage, plans.failover, failoverWithDeath);
  },
};

type WithDeath = (stage: Stage, step: PlannedStep) => Promise<boolean>;

async function eachStep(stage: Stage, steps: readonly PlannedStep[], die: WithDeath): Promise<void> {
  const missed: string[] = [];
  for (const step of steps) if (!(await die(stage, step))) missed.push(step.kind);
  // A step that has nothing to do is not told: pollers that were off already, a ledger that nobody could read.
  const seen = `${steps.length - missed.length} of ${steps.length}${missed.map((kind) => `, not ${kind}`).join('')}`;
  stage.check('most of the steps were met', missed.length <= 4, seen);
}

/** From where the cluster is at that moment to the other server; whether the step was seen. */
async function switchoverWithDeath(stage: Stage, step: PlannedStep): Promise<boolean> {
  const { lab, wk1 } = stage;
  const { from, to } = await bothFit(stage);
  const reached = watchFor(stage, step);
  const asking = startIxha(lab, switchOverWords(wk1, to));
  const ended = once(asking, 'exit');
  const seen = await reached();
  signalUnit(lab, step.by === 'source' ? from : to, agentUnit(wk1), 'SIGKILL');
  await stage.waitForAnyActive(wk1);
  await Promise.race([ended, pause(10_000)]);
  asking.kill('SIGKILL');
  return seen;
}

async function failoverWithDeath(stage: Stage, step: PlannedStep): Promise<boolean> {
  const { lab, wk1 } = stage;
  const { from, to } = await bothFit(stage);
  const reached = watchFor(stage, step);
  signalRunning(stage, from, agentUnit(wk1), 'SIGSTOP');
  await waitForGone(stage, from, wk1.unit);
  const seen = await reached();
  signalUnit(lab, to, agentUnit(wk1), 'SIGKILL');
  await stage.waitForActive(wk1, to);
  signalUnit(lab, from, agentUnit(wk1), 'SIGCONT');
  return seen;
}

/** Where the cluster is served, once the other member is fit to take over. */
async function bothFit(stage: Stage): Promise<{ readonly from: HostName; readonly to: HostName }> {
  const { lab, wk1 } = stage;
  const fit = async () => (await ixhaExitCode(lab, ['status', wk1.id])) === 0;
  await until('both members fit', fit, { deadlineMs: 40_000, everyMs: 200 });
  const from = await stage.waitForAnyActive(wk1);
  return { from, to: memberHosts.find((host) => host !== from)! };
}

/** Waits until a step is told that was not before this call. */
function watchFor({ journal, wk1 }: Stage, { kind }: PlannedStep): () => Promise<boolean> {
  const before = journal(wk1).length;
  const reached = () =>
    journal(wk1)
      .slice(before)
      .some((record) => record.step === kind);
  return () =>
    until(kind, reached, { deadlineMs: 15_000, everyMs: 5 }).then(
      () => true,
      () => false,
    );
}
