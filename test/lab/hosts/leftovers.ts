import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { processesThatName } from '../../integration/processes-that-name.ts';
import { run } from './command.ts';
import { controlGroupMounts } from './control-group.ts';
import { mountsBelow } from './disk.ts';
import type { LabLayout } from './layout.ts';

/** What of a lab is still there after it was taken down, one phrase each; empty is what should be. */
export async function leftoversOf(lab: LabLayout): Promise<string[]> {
  const { unified, controllers } = controlGroupMounts();
  const groups = [...(unified ? [unified] : []), ...controllers].map((tree) => join(tree, `lab${lab.id}`));
  const namespaces = (await run('ip', ['netns', 'list'])).stdout.split('\n');
  const loops = (await run('losetup', ['-a'])).stdout.split('\n');
  const tables = (await run('nft', ['list', 'tables'])).stdout;
  return [
    ...[lab.hosts, lab.shared].flatMap(mountsBelow).map((path) => `mount ${path}`),
    ...namespaces.filter((name) => name.startsWith(`lab${lab.id}-`)).map((name) => `namespace ${name}`),
    ...loops.filter((line) => line.includes(`${lab.hosts}/`)).map((line) => `loop device ${line}`),
    ...groups.filter((group) => existsSync(group)).map((group) => `control group ${group}`),
    ...(tables.includes(`bridge ${lab.table}\n`) ? [`nftables table ${lab.table}`] : []),
    ...((await run('ip', ['link', 'show', lab.bridge])).code === 0 ? [`bridge ${lab.bridge}`] : []),
    ...processesThatName(`${lab.hosts}/`).map((pid) => `process ${pid}`),
  ];
}
