import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engineUser } from '../hosts/image.ts';
import { insideHost, memberHosts, type HostName, type LabLayout } from '../hosts/layout.ts';
import { projectFolder } from '../hosts/prerequisites.ts';
import { onHost } from '../hosts/ssh.ts';
import { engineConfig, enginePaths, engineUnit, type EngineSettings } from './engine-service.ts';
import { engineApi, labClusters, type LabCluster } from './lab-site.ts';

/**
 * Gives both member hosts what a customer's servers have before the product comes: the engines, one
 * service per cluster, enabled on both and not running.
 */
export async function installEngines(
  lab: LabLayout,
  clusters: readonly LabCluster[] = labClusters,
  settings: EngineSettings = {},
): Promise<void> {
  const bundle = join(projectFolder(), 'dist/demo/standin-engine.cjs');
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing; run: npm run build -- --only demo`);
  for (const host of memberHosts) {
    for (const cluster of clusters) {
      const paths = enginePaths(cluster);
      put(lab, host, paths.config, engineConfig(lab, cluster, host, settings));
      put(lab, host, paths.password, `${engineApi.password}\n`);
      secure(lab, host, paths.password);
      put(lab, host, `/etc/systemd/system/${cluster.unit}`, engineUnit(cluster));
      copyFileSync(bundle, place(lab, host, paths.program));
    }
    const units = clusters.map((cluster) => cluster.unit).join(' ');
    await onHost(lab, host, `systemctl daemon-reload && systemctl enable --quiet ${units}`);
  }
}

function put(lab: LabLayout, host: HostName, path: string, text: string): void {
  writeFileSync(place(lab, host, path), text);
}

/** Only the engine may read the password of its API. */
function secure(lab: LabLayout, host: HostName, path: string): void {
  chmodSync(insideHost(lab, host, path), 0o400);
  chownSync(insideHost(lab, host, path), engineUser.uid, engineUser.uid);
}

/** Outer path of a file inside the host, its folder made. */
export function place(lab: LabLayout, host: HostName, path: string): string {
  const file = insideHost(lab, host, path);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
