import { readFileSync, writeFileSync } from 'node:fs';
import { pause, until } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import { insideHost, memberHosts } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';
import { ixha, ixhaExitCode } from '../site/console-command.ts';
import type { Scenario, Stage } from './scenario.ts';
import {
  agentUnit,
  firstLineWith,
  killAgainAndAgain,
  leaseAndMoreMs,
  signalRunning,
  staysDown,
  waitForGone,
  witnessUnit,
} from './steps.ts';

/** What a site has that says nothing else; the lab's own allows a thousand. */
const failoversPerHour = 3;

export const engineFlaps: Scenario = {
  name: 'engine-flaps',
  fault: 31,
  does: 'with the usual limit of three automatic failovers an hour: kill -9 the engine of WK1 wherever it comes up, until three have been made, and three times more; then freeze the agent there',
  expected:
    'the third failover blocks further ones, with the reason; the engine is then restarted where it is, nobody takes over for a frozen agent, and one command allows it again',
  held: true,
  limitMs: 240_000,
  nobodyCan: 'automatic failover is blocked by its limit until a person allows it',
  journeys: { WK1: /^first( → (first|other))+$/, WK2: ['first'] },
  told: 'failover',
  tells: [/automatic failover is blocked for another .*: 3 automatic failovers within an hour/],
  async carryOut(stage) {
    const { lab, wk1, check, waitForActive, waitForWords } = stage;
    await limitFailovers(stage);
    for (let move = 0; move < failoversPerHour; move += 1) await breakUntilMoved(stage);
    const host = await stage.waitForAnyActive(wk1);
    const other = memberHosts.find((name) => name !== host)!;
    const { stdout } = await ixha(lab, ['status', wk1.id]);
    const reason = /automatic failover: Blocked.*: 3 automatic failovers within an hour/;
    check('ixha status tells the block', reason.test(stdout), firstLineWith(stdout, reason));
    for (let turn = 0; turn < 3; turn += 1) {
      signalRunning(stage, host, wk1.unit, 'SIGKILL');
      await waitForGone(stage, host, wk1.unit);
      await waitForActive(wk1, host);
      await pause(500);
    }
    signalRunning(stage, host, agentUnit(wk1), 'SIGSTOP');
    await waitForGone(stage, host, wk1.unit);
    await staysDown(stage, wk1, leaseAndMoreMs(wk1));
    await waitForWords(wk1, /automatic failover is blocked for another/);
    await ixha(lab, ['allow-failover', wk1.id, '--reason', 'lab']);
    await waitForActive(wk1, other);
  },
};

/** Kills the engine where it is, each time it comes up, until it comes up on the other server. */
async function breakUntilMoved(stage: Stage): Promise<void> {
  const { lab, wk1 } = stage;
  const from = await stage.waitForAnyActive(wk1);
  const to = memberHosts.find((host) => host !== from)!;
  const moved = () => unitProcesses(lab, to, wk1.unit).length > 0;
  await killAgainAndAgain(stage, from, wk1.unit, moved, { deadlineMs: 60_000, everyMs: 500 });
  await stage.waitForActive(wk1, to);
  // A member whose engine has just died takes nothing over; asked too early, this would count nothing.
  const fit = async () => (await ixhaExitCode(lab, ['status', wk1.id])) === 0;
  await until('both members fit', fit, { deadlineMs: 30_000, everyMs: 300 }).catch(() => undefined);
}

/** The limit stands in the witness's own configuration, where the installer writes it; counted anew from a person's word. */
async function limitFailovers({ lab, wk1, undo }: Stage): Promise<void> {
  const file = insideHost(lab, 'wit', '/etc/ixha/witness/witness.json');
  const usual = readFileSync(file, 'utf8');
  const use = async (text: string) => {
    writeFileSync(file, text);
    await onHost(lab, 'wit', `systemctl restart ${witnessUnit}`);
  };
  undo(() => ixha(lab, ['allow-failover', wk1.id, '--reason', 'lab']));
  undo(() => use(usual));
  const config = JSON.parse(usual) as { clusters: { id: string; failoversPerHour: number }[] };
  for (const cluster of config.clusters) {
    if (cluster.id === wk1.id) cluster.failoversPerHour = failoversPerHour;
  }
  await use(`${JSON.stringify(config, null, 2)}\n`);
  const settled = async () => (await ixhaExitCode(lab, ['status'])) === 0;
  await until('the witness is back', settled, { deadlineMs: 30_000, everyMs: 300 });
  await ixha(lab, ['allow-failover', wk1.id, '--reason', 'lab']);
}
