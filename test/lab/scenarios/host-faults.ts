import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pause, until } from '../hosts/command.ts';
import { freezeHost, isPopulated, signalUnit, thawHost, unitProcesses } from '../hosts/control-group.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
import { memberHosts, type HostName } from '../hosts/layout.ts';
import { tryOnHost } from '../hosts/ssh.ts';
import { activeAnswer, bootMs, engineHosts } from '../judge/observe.ts';
import { acknowledgedBy } from '../judge/traffic.ts';
import { ixha } from '../site/console-command.ts';
import type { LabCluster } from '../site/lab-site.ts';
import type { Scenario, Stage } from './scenario.ts';
import { agentUnit, leaseAndMoreMs } from './steps.ts';

export const powerOff: Scenario = {
  name: 'power-off',
  fault: 10,
  does: 'cut the power of WK1’s Active, boot it after the failover',
  expected: 'the other server takes over; the old one comes back Passive; WK2 stays',
  core: true,
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has run out without a renewal/],
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await cutPower(lab, first(wk1));
    await waitForActive(wk1, other(wk1));
  },
};

export const hostFrozen: Scenario = {
  name: 'host-frozen',
  fault: 6,
  does: 'freeze WK1’s whole Active past its lease, thaw it 3 s after the failover',
  expected:
    'the other server takes over; after the thaw the old engine is killed at the first turn of a guard: it acknowledges nothing, is never offered to the balancer, and what it still wrote is told',
  core: true,
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has run out without a renewal/],
  limit: {
    overlapMs: 250,
    pollerMeetings: 1,
    because: 'a frozen host does not know it before its first turn',
  },
  async carryOut(stage) {
    const { lab, wk1, first, other, check } = stage;
    await freezeHost(lab, first(wk1));
    // Its engine still has a process, which stands still.
    const serves = async () => (await activeAnswer(lab, wk1, other(wk1))) === 200;
    await until('the other server serves', serves, { deadlineMs: 30_000, everyMs: 50 });
    await pause(3_000);
    const journals = () => olderJournals(stage, wk1);
    const before = journals();
    const thawedMs = bootMs();
    thawHost(lab, first(wk1));
    const dead = () => unitProcesses(lab, first(wk1), wk1.unit).length === 0;
    await until('the thawed engine dead', dead, { deadlineMs: 10_000, everyMs: 5 });
    const diedMs = bootMs();
    check('the thawed engine is dead', diedMs - thawedMs < 10_000, `after ${diedMs - thawedMs} ms`);
    const wrote = journals() === before ? 'nothing' : `${before}, then ${journals()}`;
    check('what it wrote to the storage is told', wrote === 'nothing' || (await told(stage)), wrote);
    await neverServes(stage, first(wk1), 3_000);
    const accepted = acknowledgedBy(lab, wk1, first(wk1), thawedMs);
    check('it acknowledged nothing after the thaw', accepted === 0, `${accepted} messages`);
  },
};

/** Name and size of every journal but that of the newest generation, in which the new Active writes. */
function olderJournals({ lab }: Stage, cluster: LabCluster): string {
  const folder = join(lab.shared, cluster.share, 'logt');
  const generation = (name: string) => Number(/^journal-(\d+)\.log$/.exec(name)?.[1] ?? -1);
  const names = readdirSync(folder).filter((name) => generation(name) >= 0);
  const newest = Math.max(...names.map(generation));
  return names
    .filter((name) => generation(name) < newest)
    .map((name) => `${name} ${statSync(join(folder, name)).size}`)
    .sort()
    .join(', ');
}

function told({ wk1, waitForWords }: Stage): Promise<boolean> {
  return waitForWords(wk1, /Somebody wrote to the storage under an older generation/).then(
    () => true,
    () => false,
  );
}

/** A thawed server is not offered to the balancer. */
async function neverServes({ lab, wk1, check }: Stage, host: HostName, forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  let offered = false;
  while (performance.now() < end && !offered) {
    offered = (await activeAnswer(lab, wk1, host)) === 200;
    await pause(50);
  }
  check(`${host} is not offered to the balancer`, !offered, offered ? 'it answered 200' : 'never');
}

export const rebootInOrder: Scenario = {
  name: 'reboot-in-order',
  fault: 9,
  does: '`reboot` on WK1’s Active',
  expected:
    'its engine stops, the lease is released, the other server takes over without a wait for the lease',
  core: true,
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has stopped: the server shuts down/, /has handed over and reserved the lease/],
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await tryOnHost(lab, first(wk1), 'systemctl reboot', 5_000);
    await waitForActive(wk1, other(wk1));
    await until('the host off', () => !isPopulated(lab, first(wk1)), { deadlineMs: 60_000, everyMs: 100 });
  },
};

export const bothRestartOneReturns: Scenario = {
  name: 'both-power-off-one-returns',
  fault: 26,
  does: 'cut the power of both servers at once; boot only the one that was Passive for WK1; then the other',
  expected: 'with shared storage the one that came back takes over both clusters',
  held: true,
  nobodyCan: 'both servers are off at once',
  journeys: { WK1: ['first', 'other'], WK2: ['first', 'first'] },
  told: 'failover',
  async carryOut({ lab, wk1, wk2, first, other, waitForActive, undo }) {
    undo(() => ixha(lab, ['allow-failover', wk2.id, '--reason', 'lab']));
    await Promise.all(memberHosts.map((host) => cutPower(lab, host)));
    await bootHost(lab, other(wk1));
    await Promise.all([waitForActive(wk1, other(wk1)), waitForActive(wk2, first(wk2))]);
  },
};

export const bothRestart: Scenario = {
  name: 'both-power-off-both-return',
  fault: 26,
  does: 'cut the power of both servers and the witness at once, boot all three at once',
  expected: 'the last holder goes first: every cluster comes back where it was',
  held: true,
  nobodyCan: 'both servers are off at once',
  journeys: { WK1: ['first', 'first'], WK2: ['first', 'first'] },
  told: 'failover',
  async carryOut({ lab, wk1, wk2, first, waitForActive }) {
    const all = [...memberHosts, 'wit'] as const;
    await Promise.all(all.map((host) => cutPower(lab, host)));
    await Promise.all(all.map((host) => bootHost(lab, host)));
    await Promise.all([waitForActive(wk1, first(wk1)), waitForActive(wk2, first(wk2))]);
  },
};

export const oldActiveReturns: Scenario = {
  name: 'old-active-wants-to-start',
  fault: 27,
  does: 'cut the power of WK1’s Active, boot it after the failover; its engine’s unit is enabled at boot, and started by hand too',
  expected: 'held Passive: the gate refuses both starts',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  async carryOut({ lab, wk1, first, other, waitForActive, check }) {
    await cutPower(lab, first(wk1));
    await waitForActive(wk1, other(wk1));
    await bootHost(lab, first(wk1));
    const asked = `systemctl is-enabled ${wk1.unit}; systemctl start ${wk1.unit}; systemctl show ${wk1.unit} -p ActiveState,ExecCondition`;
    const { stdout } = await tryOnHost(lab, first(wk1), asked);
    check(
      'the unit is enabled and off, refused by the gate',
      /^enabled/.test(stdout) && /ActiveState=inactive/.test(stdout) && /status=1/.test(stdout),
      stdout.trim().slice(0, 200),
    );
    await pause(leaseAndMoreMs(wk1));
    check(
      'one engine, on the other server',
      engineHosts(lab, wk1).join() === other(wk1),
      engineHosts(lab, wk1).join(),
    );
  },
};

export const secondFaultTaker: Scenario = {
  name: 'taker-loses-power-too',
  fault: 30,
  does: 'cut the power of WK1’s Active, and the taker’s as soon as it has the lease; boot the first',
  expected: 'the first comes back and takes over; nothing is lost',
  held: true,
  nobodyCan: 'the second server loses its power before the first has booted',
  journeys: { WK1: /^first( → other)? → first$/, WK2: ['first', 'other'] },
  told: 'failover',
  async carryOut({ lab, wk1, wk2, first, other, waitForActive, waitForWords, undo }) {
    undo(() => ixha(lab, ['allow-failover', wk2.id, '--reason', 'lab']));
    await cutPower(lab, first(wk1));
    // Booted at once, the first would be back within its lease, and nobody would take over.
    await waitForWords(wk1, /Lease of epoch \d+ granted/);
    await cutPower(lab, other(wk1));
    await bootHost(lab, first(wk1));
    await Promise.all([waitForActive(wk1, first(wk1)), waitForActive(wk2, other(wk2))]);
  },
};

export const secondFaultAgent: Scenario = {
  name: 'taker-agent-killed-while-taking-over',
  fault: 30,
  does: 'cut the power of WK1’s Active, and kill the taker’s agent three times while it takes over',
  expected: 'each new agent goes on where it stood; the failover ends',
  held: true,
  journeys: { WK1: /^first( → other)+$/, WK2: ['first'] },
  told: 'failover',
  async carryOut({ lab, wk1, first, other, waitForActive, waitForWords }) {
    await cutPower(lab, first(wk1));
    await waitForWords(wk1, /Lease of epoch \d+ granted/);
    for (let turn = 0; turn < 3; turn += 1) {
      signalUnit(lab, other(wk1), agentUnit(wk1), 'SIGKILL');
      await pause(700);
    }
    await waitForActive(wk1, other(wk1));
  },
};
