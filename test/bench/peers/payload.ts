import { mkdirSync, writeFileSync, chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { engineUser } from '../../lab/hosts/image.ts';
import { insideHost, memberHosts, type HostName, type LabLayout } from '../../lab/hosts/layout.ts';
import { onHost } from '../../lab/hosts/ssh.ts';
import { labClusters, type LabCluster } from '../../lab/site/lab-site.ts';
import { installEngines } from '../../lab/site/provision.ts';
import type { Contender } from './contender.ts';

/** The one cluster that is measured. */
export const benchCluster: LabCluster = labClusters[0];

/** A working directory on the host's own disk, for what knows no shared storage. */
export const localWork = '/var/lib/iguana/work';

/** The address that moves with the engine where no balancer is part of the solution. */
export function floatingAddress(lab: LabLayout): string {
  return `10.77.${lab.id}.100`;
}

/**
 * The same engine for all: it takes messages a tenth of a second after its process was started and ends at once when
 * told to. A peer's service is not started at boot and not restarted by the service manager: the peer decides.
 */
export async function installPayload(lab: LabLayout, contender: Contender): Promise<void> {
  const { workingDirectory, kind } = contender;
  await installEngines(lab, [benchCluster], { workingDirectory, startMs: 0, stopMs: 0 });
  if (kind === 'product') return;
  for (const host of memberHosts) {
    putFile(lab, host, `/etc/systemd/system/${benchCluster.unit}.d/peer.conf`, '[Service]\nRestart=no\n');
    await onHost(
      lab,
      host,
      `install -d -o ${engineUser.name} ${workingDirectory}; systemctl disable --quiet ${benchCluster.unit}; systemctl daemon-reload`,
    );
  }
}

export function putFile(lab: LabLayout, host: HostName, path: string, text: string, mode = 0o644): void {
  const file = insideHost(lab, host, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}
