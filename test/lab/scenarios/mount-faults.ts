import { bootHost, cutPower } from '../hosts/host.ts';
import type { HostName } from '../hosts/layout.ts';
import { until } from '../hosts/command.ts';
import { onHost, tryOnHost } from '../hosts/ssh.ts';
import { mountedDirectory, mountUnitFile } from '../site/lab-site.ts';
import { switchoverThereAndBack } from './planned-changes.ts';
import type { Scenario, Stage } from './scenario.ts';
import { leaseAndMoreMs, staysDown } from './steps.ts';

const mountedSwitchover: Scenario = {
  name: 'mounted-switchover',
  fault: null,
  does: 'switch WK1 over and back again, with a directory that the agents mount on the Active only',
  expected:
    'unmounted on the old Active before its epoch ends, mounted on the new one before it is proven; WK2 stays',
  store: 'mounted',
  journeys: { WK1: ['first', 'other', 'first'], WK2: ['first'] },
  told: 'operation',
  tells: [
    /mnt-wk1\.mount is unmounted after \d+ ms; epoch \d+ has ended/,
    /mnt-wk1\.mount is mounted after \d+ ms; identity seen/,
  ],
  async carryOut(stage) {
    await switchoverThereAndBack.carryOut(stage);
    await checkMounts(stage);
  },
};

const mountedPowerOff: Scenario = {
  name: 'mounted-power-off',
  fault: 10,
  does: 'cut the power of WK1’s Active, with a directory that the agents mount on the Active only; boot it after the failover, and mount it there by hand',
  expected:
    'the other server mounts it and takes over; the old one comes back Passive with nothing mounted, and unmounts what a person mounts',
  store: 'mounted',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [
    /mnt-wk1\.mount is mounted after \d+ ms; identity seen/,
    /mnt-wk1\.mount is unmounted after \d+ ms: this member is not Active/,
  ],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive, waitForWords } = stage;
    await cutPower(lab, first(wk1));
    await waitForActive(wk1, other(wk1));
    await bootHost(lab, first(wk1));
    const answers = async () => (await tryOnHost(lab, first(wk1), 'ixha status WK1')).code !== 3;
    await until('the old Active’s agent answers', answers, { deadlineMs: 60_000, everyMs: 500 });
    await checkMounts(stage);
    await onHost(lab, first(wk1), 'systemctl start mnt-wk1.mount');
    await waitForWords(wk1, /is unmounted after \d+ ms: this member is not Active/, 30_000);
    await checkMounts(stage);
  },
};

const mountFails: Scenario = {
  name: 'mount-fails-on-the-taker',
  fault: 24,
  does: 'spoil the mount unit of WK1 on its Passive so that it fails, and cut the power of the Active; then let it mount an empty directory; put it right later',
  expected:
    'nothing is started before the directory is mounted and proven: a mount alone proves nothing; then the other server takes over',
  store: 'mounted',
  held: true,
  limitMs: 240_000,
  nobodyCan: 'the only server that is left cannot mount the storage until the lab puts its unit right',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/mnt-wk1\.mount could not be mounted/, /mnt\/wk1 carries no identity mark of a cluster/],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive, waitForWords, undo } = stage;
    const unit = (what: string, options: string) =>
      onHost(
        lab,
        other(wk1),
        `sed -i 's|^What=.*|What=${what}|; s|^Options=.*|Options=${options}|' ${mountUnitFile(wk1)} && systemctl daemon-reload`,
      );
    undo(() => unit('/share/wk1', 'bind'));
    await unit('/share/wk1', 'rw');
    await cutPower(lab, first(wk1));
    await waitForWords(wk1, /mnt-wk1\.mount could not be mounted/, 60_000);
    await staysDown(stage, wk1, leaseAndMoreMs(wk1));
    await unit('/share/nowhere', 'bind');
    await waitForWords(wk1, /carries no identity mark of a cluster/, 60_000);
    await staysDown(stage, wk1, 1_000);
    await unit('/share/wk1', 'bind');
    await waitForActive(wk1, other(wk1));
  },
};

/** Mounted where the engine of WK1 runs, and nowhere else. */
async function checkMounts({ lab, wk1, wk2, first, other, check }: Stage): Promise<void> {
  for (const cluster of [wk1, wk2]) {
    const at = mountedDirectory(cluster);
    const on = async (host: HostName) => (await tryOnHost(lab, host, `mountpoint -q ${at}`)).code === 0;
    const runs = async (host: HostName) =>
      (await tryOnHost(lab, host, `systemctl is-active --quiet ${cluster.unit}`)).code === 0;
    const hosts = [first(cluster), other(cluster)];
    const seen = () =>
      Promise.all(hosts.map(async (host) => ({ host, mounted: await on(host), runs: await runs(host) })));
    const right = async () => (await seen()).every(({ mounted, runs: active }) => mounted === active);
    const settled = await until(`${at} on the Active only`, right, { deadlineMs: 30_000, everyMs: 500 }).then(
      () => true,
      () => false,
    );
    check(`${at} is mounted on the Active only`, settled, JSON.stringify(await seen()));
  }
}

/** With a directory that the agents mount on the Active only. */
export const mountFaults: readonly Scenario[] = [mountedSwitchover, mountFails, mountedPowerOff];
