import { basename } from 'node:path';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { labUp, labWipe } from '../hosts/lab.ts';
import { hostNames, memberHosts, type LabLayout } from '../hosts/layout.ts';
import { engineUser } from '../hosts/image.ts';
import { onHost } from '../hosts/ssh.ts';
import { installProduct } from './install.ts';
import { etcdSite, startEtcd } from './lab-etcd.ts';
import {
  copiedDirectory,
  copiedSite,
  labClusters,
  labSite,
  mountedDirectory,
  mountedSite,
  mountUnitFile,
} from './lab-site.ts';
import { installEngines } from './provision.ts';

const attempts = 3;

/**
 * What keeps the leases of a site: the witness, or an etcd of three. `copied`, `mounted`: the witness, beside directories
 * that are copied, or that the agents mount on the Active only.
 */
export type StoreKind = 'witness' | 'etcd' | 'copied' | 'mounted';

/** New hosts with engines and the product on them. */
export async function newSite(lab: LabLayout, store: StoreKind, tell: (line: string) => void): Promise<void> {
  await labWipe(lab);
  await labUp(lab, hostNames, tell);
  if (store === 'copied') await installCopiedEngines(lab);
  else if (store === 'mounted') await installMountedEngines(lab);
  else await installEngines(lab);
  if (store === 'etcd') await startEtcd(lab);
  await installPatiently(lab, tell, sites[store](lab));
}

const sites = { witness: labSite, etcd: etcdSite, copied: copiedSite, mounted: mountedSite } as const;

/** Each server has a directory of its own for each engine, on its own disk. */
async function installCopiedEngines(lab: LabLayout): Promise<void> {
  for (const cluster of labClusters) {
    const workingDirectory = copiedDirectory(cluster);
    const made = `install -d -o ${engineUser.name} -g ${engineUser.name} ${workingDirectory}`;
    await Promise.all(memberHosts.map((host) => onHost(lab, host, made)));
    await installEngines(lab, [cluster], { workingDirectory });
  }
}

/** Each server has a unit that mounts a directory, which is mounted on both until the agents see to that. */
async function installMountedEngines(lab: LabLayout): Promise<void> {
  for (const cluster of labClusters) {
    const workingDirectory = mountedDirectory(cluster);
    const unit = mountUnitFile(cluster);
    const text = `[Mount]\\nWhat=/share/${cluster.share}\\nWhere=${workingDirectory}\\nType=none\\nOptions=bind\\n`;
    const made = `mkdir -p ${workingDirectory} && printf '${text}' >${unit} && systemctl daemon-reload`;
    const start = `systemctl start ${basename(unit)}`;
    await Promise.all(memberHosts.map((host) => onHost(lab, host, `${made} && ${start}`)));
    await installEngines(lab, [cluster], { workingDirectory });
  }
}

/**
 * The installer measures on the real services whether a kill is quick enough for the timing preset, and refuses on
 * a machine that is too busy at that moment: so it is asked again, on the same hosts, before that counts as a failure.
 */
export async function installPatiently(
  lab: LabLayout,
  tell: (line: string) => void,
  site: SiteDocument = labSite(lab),
  root?: string,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await installProduct(lab, site, root);
      return;
    } catch (error) {
      tell(`installation ${attempt} of at most ${attempts}: ${(error as Error).message}`);
      if (attempt === attempts) throw error;
    }
  }
}
