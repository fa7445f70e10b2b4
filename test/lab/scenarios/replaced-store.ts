import { until } from '../hosts/command.ts';
import { onHost } from '../hosts/ssh.ts';
import { ixha, ixhaExitCode } from '../site/console-command.ts';
import { labClusters } from '../site/lab-site.ts';
import type { Scenario } from './scenario.ts';
import { bothGoOn, promised } from './store-faults.ts';
import { witnessUnit } from './steps.ts';

export const storeReplacedForGood: Scenario = {
  name: 'store-replaced-for-good',
  fault: 8,
  does: 'the witness loses its records for good; after both leases a person replaces the lease store by `ixha replace-store`',
  expected: 'both Actives go on, on the promise of their peers; with the new store they have leases again',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [promised],
  async carryOut(stage) {
    const { lab, check } = stage;
    const lose = 'rm -rf /var/lib/ixha/witness';
    await onHost(lab, 'wit', `systemctl stop ${witnessUnit}; ${lose}; systemctl start ${witnessUnit}`);
    await bothGoOn(stage);
    for (const cluster of labClusters) {
      const { code, stdout, stderr } = await ixha(lab, ['replace-store', cluster.id, '--reason', 'lab']);
      check(`${cluster.id} has a new store`, code === 0, (stdout + stderr).trim().slice(0, 300));
    }
    const settled = async () => (await ixhaExitCode(lab, ['status'])) === 0;
    await until('both have their leases again', settled, { deadlineMs: 60_000, everyMs: 500 });
  },
};
