import { rmSync } from 'node:fs';
import { hostProcesses, isPopulated, thawHost } from './hosts/control-group.ts';
import { currentCuts, heal } from './hosts/cuts.ts';
import { thawDisk } from './hosts/disk.ts';
import { bootHost, cutPower } from './hosts/host.ts';
import { hostNames, insideHost, memberHosts, type LabLayout } from './hosts/layout.ts';
import { setLink } from './hosts/network.ts';
import { sharesAlive } from './hosts/shared-directory.ts';
import { signalAll } from './hosts/signal.ts';
import { clearEngineFaults } from './site/engine-control.ts';
import { enginePaths } from './site/engine-service.ts';
import { labClusters } from './site/lab-site.ts';

/**
 * Ends every fault that the lab itself can make, so that scenarios need not: all cables plugged, nothing cut, frozen or
 * stopped, disks writable, shares served, every host on, no fault left in an engine.
 */
export async function restore(lab: LabLayout): Promise<void> {
  for (const host of hostNames) {
    thawHost(lab, host);
    await thawDisk(lab, host);
    signalAll(() => hostProcesses(lab, host), 'SIGCONT');
    if (isPopulated(lab, host)) await setLink(lab, host, 'up');
  }
  if (currentCuts(lab).length > 0) await heal(lab);
  // A share whose server was killed comes back with a boot only.
  for (const host of memberHosts) if (!sharesAlive(lab, host)) await cutPower(lab, host);
  for (const host of hostNames) if (!isPopulated(lab, host)) await bootHost(lab, host);
  await Promise.all(
    memberHosts.flatMap((host) =>
      labClusters.map(async (cluster) => {
        rmSync(insideHost(lab, host, `${enginePaths(cluster).record}.faults`), { force: true });
        await clearEngineFaults(lab, cluster, host);
      }),
    ),
  );
}
