import { pause } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import { cut, heal } from '../hosts/cuts.ts';
import { delayPath } from '../hosts/delay.ts';
import { breakDisk } from '../hosts/disk.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
import { memberHosts } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';
import type { Scenario, Stage } from './scenario.ts';
import { leaseAndMoreMs, signalRunning, staysActive, staysDown, waitForGone, witnessUnit } from './steps.ts';

export const storeRestarted: Scenario = {
  name: 'store-restarted',
  fault: 8,
  does: 'kill -9 the witness three times, five seconds apart',
  expected: 'restarted by its service manager, it knows every lease again; nothing moves',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  async carryOut(stage) {
    const watched = staysActive(stage, stage.wk1, 15_000);
    for (let turn = 0; turn < 3; turn += 1) {
      signalRunning(stage, 'wit', witnessUnit, 'SIGKILL');
      await pause(5_000);
    }
    await watched;
  },
};

export const promised = /has promised (not to take over|\S+ not to take over)/;

/** Both clusters go on without the store for longer than either lease lasts. */
export async function bothGoOn(stage: Stage): Promise<void> {
  const { wk1, wk2, waitForWords } = stage;
  await Promise.all([waitForWords(wk1, promised), waitForWords(wk2, promised, leaseAndMoreMs(wk2))]);
  await Promise.all([
    staysActive(stage, wk1, leaseAndMoreMs(wk2)),
    staysActive(stage, wk2, leaseAndMoreMs(wk2)),
  ]);
}

/** The store is lost in some way, and nothing else. */
function storeLost(
  name: string,
  does: string,
  lose: (stage: Stage) => Promise<unknown> | void,
  core?: true,
): Scenario {
  return {
    name,
    fault: 8,
    does,
    ...(core ? { core } : {}),
    expected: 'both Actives go on, on the promise of their peers, and come back to the lease by themselves',
    held: true,
    journeys: { WK1: ['first'], WK2: ['first'] },
    told: 'nothing',
    tells: [promised],
    async carryOut(stage) {
      await lose(stage);
      await bothGoOn(stage);
    },
  };
}

export const storesLost: readonly Scenario[] = [
  storeLost(
    'store-down',
    'cut the power of the witness for longer than both leases',
    ({ lab }) => cutPower(lab, 'wit'),
    true,
  ),
  storeLost('store-frozen', 'freeze the witness for longer than both leases', (stage) =>
    signalRunning(stage, 'wit', witnessUnit, 'SIGSTOP'),
  ),
  storeLost(
    'store-lost-its-disk',
    'every access to the disk of the witness fails, and the witness is started anew; boot it after both leases',
    async (stage) => {
      const { lab, undo } = stage;
      undo(async () => {
        await cutPower(lab, 'wit');
        await bootHost(lab, 'wit');
      });
      await breakDisk(lab, 'wit');
      signalRunning(stage, 'wit', witnessUnit, 'SIGKILL');
    },
  ),
  storeLost(
    'store-replaced-by-an-empty-one',
    'give the witness an empty disk, as a new one in its place would have; put the right one back after both leases',
    async ({ lab, undo }) => {
      const swap = (from: string, to: string) =>
        onHost(lab, 'wit', `systemctl stop ${witnessUnit}; ${from}; ${to}; systemctl start ${witnessUnit}`);
      const kept = '/var/lib/ixha/witness.lab';
      undo(() => swap('rm -rf /var/lib/ixha/witness', `mv ${kept} /var/lib/ixha/witness`));
      await swap(`mv /var/lib/ixha/witness ${kept}`, 'true');
    },
  ),
];

export const onlyStoreLinkCut: Scenario = {
  name: 'active-cut-from-the-store',
  fault: 15,
  does: 'cut WK1’s Active from the witness only, for longer than a lease; its peer reaches both',
  expected: 'its renewals travel through the peer: no move and no gap; directly again afterwards',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/The lease is renewed through/],
  async carryOut(stage) {
    const { lab, wk1, first, waitForWords } = stage;
    await cut(lab, first(wk1), 'wit');
    await staysActive(stage, wk1, 2 * leaseAndMoreMs(wk1));
    await waitForWords(wk1, /The lease is renewed through/);
    await heal(lab);
    await waitForWords(wk1, /the lease is renewed directly/);
  },
};

export const storeThenPeerLost: Scenario = {
  name: 'store-lost-then-peer-lost',
  fault: 16,
  does: 'cut the power of the witness; when the peers have promised, cut the link between the members too',
  expected: 'both Actives run on alone; when all is back they have their leases again',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/so it goes on alone and nobody takes over if it fails/],
  async carryOut(stage) {
    const { lab, wk1, wk2, first, other, waitForWords } = stage;
    await cutPower(lab, 'wit');
    await Promise.all([waitForWords(wk1, promised), waitForWords(wk2, promised, leaseAndMoreMs(wk2))]);
    await cut(lab, first(wk1), other(wk1));
    await Promise.all([
      staysActive(stage, wk1, leaseAndMoreMs(wk2)),
      staysActive(stage, wk2, leaseAndMoreMs(wk2)),
    ]);
  },
};

export const storeSlow: Scenario = {
  name: 'store-slow',
  fault: 8,
  does: 'delay all between the members and the witness by 200 ± 60 ms in each direction, for 20 s: renewals take as long as they may',
  expected: 'nothing moves, by renewals or by the promise of the peer',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  async carryOut(stage) {
    const { lab, wk1, undo } = stage;
    for (const host of memberHosts) undo(await delayPath(lab, host, ['wit'], { meanMs: 200, jitterMs: 60 }));
    await staysActive(stage, wk1, 20_000);
  },
};

export const storeAndPeerLost: Scenario = {
  name: 'store-and-peer-lost-at-once',
  fault: 17,
  does: 'cut the power of the witness and the link between the members at once, for longer than a lease',
  expected: 'the Active stops by itself and nobody takes over; when they are back it goes on where it was',
  held: true,
  // The lease of preset normal lasts longer than this takes, or not, by the moment of its last renewal.
  nobodyCan: 'nobody may serve while neither lease store nor peer answers',
  journeys: { WK1: ['first', 'first'], WK2: /^first( → first)?$/ },
  told: 'failover',
  async carryOut(stage) {
    const { lab, wk1, first, other, check } = stage;
    const cuts = [cut(lab, first(wk1), other(wk1)), cutPower(lab, 'wit')];
    await Promise.all(cuts);
    await waitForGone(stage, first(wk1), wk1.unit);
    await staysDown(stage, wk1, leaseAndMoreMs(wk1));
    const passive = unitProcesses(lab, other(wk1), wk1.unit).length;
    check('the Passive starts nothing', passive === 0, `${passive} processes`);
  },
};
