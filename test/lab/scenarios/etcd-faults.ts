import { pause } from '../hosts/command.ts';
import { cut } from '../hosts/cuts.ts';
import { freezeDisk, thawDisk } from '../hosts/disk.ts';
import { cutPower } from '../hosts/host.ts';
import { etcdHosts, etcdLeader, etcdUnit } from '../site/lab-etcd.ts';
import { agentFrozen, agentKilled } from './agent-faults.ts';
import { engineKilled } from './engine-faults.ts';
import { agentAndGuardFrozen, guardKilled } from './guard-faults.ts';
import { hostFrozen, oldActiveReturns, powerOff, rebootInOrder } from './host-faults.ts';
import { cablePulled, peerLinkCut } from './network-faults.ts';
import { handover, switchoverThereAndBack } from './planned-changes.ts';
import type { Scenario } from './scenario.ts';
import { stateDamaged } from './state-faults.ts';
import { agentDiesInFailover, agentDiesInSwitchover } from './step-faults.ts';
import { leaseAndMoreMs, signalRunning, staysActive, staysDown, waitForGone } from './steps.ts';
import { bothGoOn, promised, storeAndPeerLost } from './store-faults.ts';

const nothingMoves = {
  fault: 43,
  store: 'etcd',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
} as const satisfies Partial<Scenario>;

const leaderKilled: Scenario = {
  ...nothingMoves,
  name: 'etcd-leader-killed',
  does: 'kill -9 the leader of an etcd of three, three times, as often as another one leads',
  expected: 'renewals are late by an election, or the peers promise: nothing moves',
  async carryOut(stage) {
    const watched = staysActive(stage, stage.wk1, 20_000);
    for (let turn = 0; turn < 3; turn += 1) {
      signalRunning(stage, await etcdLeader(stage.lab), etcdUnit, 'SIGKILL');
      await pause(5_000);
    }
    await watched;
  },
};

const minorityLost: Scenario = {
  ...nothingMoves,
  name: 'etcd-minority-lost',
  does: 'cut the power of one machine of an etcd of three for longer than both leases',
  expected: 'the other two go on granting: nothing moves',
  async carryOut(stage) {
    const { lab, wk1, wk2 } = stage;
    await cutPower(lab, 'wit');
    await Promise.all([wk1, wk2].map((cluster) => staysActive(stage, cluster, leaseAndMoreMs(wk2))));
  },
};

const quorumLost: Scenario = {
  ...nothingMoves,
  name: 'etcd-quorum-lost',
  does: 'cut the power of two machines of an etcd of three for longer than both leases, boot them',
  expected: 'both Actives go on, on the promise of their peers, and come back to the lease by themselves',
  tells: [promised],
  async carryOut(stage) {
    await Promise.all([cutPower(stage.lab, 'wit'), cutPower(stage.lab, 'nas')]);
    await bothGoOn(stage);
  },
};

const leaderDiskHangs: Scenario = {
  ...nothingMoves,
  name: 'etcd-leader-disk-hangs',
  does: 'let every write and sync of the leader’s disk hang for longer than both leases',
  expected: 'another one leads, or the peers promise: nothing moves',
  async carryOut(stage) {
    const { lab, wk1, wk2, undo } = stage;
    const leader = await etcdLeader(lab);
    undo(() => thawDisk(lab, leader));
    await freezeDisk(lab, leader);
    await Promise.all([wk1, wk2].map((cluster) => staysActive(stage, cluster, leaseAndMoreMs(wk2))));
  },
};

const slowDisks: Scenario = {
  ...nothingMoves,
  name: 'etcd-slow-disks',
  does: 'let the disks of all three hang for 0.3 s, twice a second, for 20 s',
  expected: 'grants take longer, nothing moves',
  async carryOut(stage) {
    const { lab, wk1 } = stage;
    const watched = staysActive(stage, wk1, 20_000);
    const end = performance.now() + 20_000;
    while (performance.now() < end) {
      await Promise.all(etcdHosts.map((host) => freezeDisk(lab, host)));
      await pause(300);
      await Promise.all(etcdHosts.map((host) => thawDisk(lab, host)));
      await pause(200);
    }
    await watched;
  },
};

const quorumAndPeerLost: Scenario = {
  ...storeAndPeerLost,
  name: 'etcd-quorum-and-peer-lost-at-once',
  fault: 43,
  store: 'etcd',
  does: 'cut the power of two machines of an etcd of three and the link between the members at once, for longer than a lease',
  async carryOut(stage) {
    const { lab, wk1, first, other } = stage;
    await Promise.all([cut(lab, first(wk1), other(wk1)), cutPower(lab, 'wit'), cutPower(lab, 'nas')]);
    await waitForGone(stage, first(wk1), wk1.unit);
    await staysDown(stage, wk1, leaseAndMoreMs(wk1));
  },
};

/** The same fault on a site whose leases are in an etcd of three. */
function onEtcd({ core: _, ...scenario }: Scenario): Scenario {
  return {
    ...scenario,
    name: `etcd-${scenario.name}`,
    store: 'etcd',
    does: `with an etcd of three: ${scenario.does.replace('; both reach the witness', '').replace('witness', 'etcd')}`,
  };
}

export const etcdFaults: readonly Scenario[] = [
  ...[leaderKilled, minorityLost, slowDisks, leaderDiskHangs, quorumLost],
  ...[engineKilled, switchoverThereAndBack, peerLinkCut, agentFrozen].map(onEtcd),
  ...[agentKilled, guardKilled, handover, agentAndGuardFrozen].map(onEtcd),
  ...[agentDiesInSwitchover, agentDiesInFailover, ...stateDamaged].map(onEtcd),
  quorumAndPeerLost,
  ...[cablePulled, rebootInOrder, hostFrozen, powerOff, oldActiveReturns].map(onEtcd),
];
