import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPopulated } from '../hosts/control-group.ts';
import { hostNames, memberHosts, type LabLayout } from '../hosts/layout.ts';
import { tryOnHost } from '../hosts/ssh.ts';
import { labClusters } from '../site/lab-site.ts';
import { journalSince } from './observe.ts';
import { arrivalLog } from './traffic.ts';

/** Keeps what tells why a scenario failed: the product's journals, the hosts' system journals, what arrived. */
export async function saveEvidence(
  lab: LabLayout,
  out: string,
  scenario: string,
  fromBootMs: number,
): Promise<void> {
  const folder = join(out, scenario);
  mkdirSync(folder, { recursive: true });
  for (const cluster of labClusters) {
    const arrivals = arrivalLog(lab, cluster);
    if (existsSync(arrivals)) copyFileSync(arrivals, join(folder, `arrivals-${cluster.id}.jsonl`));
    for (const host of memberHosts) {
      const lines = journalSince(lab, cluster, host, fromBootMs).map(
        (record) => `${JSON.stringify(record)}\n`,
      );
      writeFileSync(join(folder, `journal-${cluster.id}-${host}.jsonl`), lines.join(''));
    }
  }
  for (const host of hostNames.filter((name) => isPopulated(lab, name))) {
    const { stdout, stderr } = await tryOnHost(
      lab,
      host,
      'journalctl -b --no-pager -o short-monotonic -n 2000',
    );
    writeFileSync(join(folder, `system-${host}.log`), stdout + stderr);
  }
}
