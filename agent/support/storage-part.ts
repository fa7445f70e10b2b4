import type { MemberConfig } from '../../shared/site/member-config.ts';
import { allowText, allowValue } from '../../shared/support/allowed-text.ts';
import { jsonFile, type SupportFile } from '../../shared/support/support-material.ts';
import type { SupportScene } from './support-scene.ts';

/** Options of a mount that say how it behaves; any other, such as the name of a user, is left out by name and value. */
const mountOptions =
  /^(rw|ro|sync|async|hard|soft|intr|nointr|noatime|relatime|nosuid|nodev|noexec|bg|fg|tcp|udp|nolock|lookupcache=\w+|(vers|nfsvers|timeo|retrans|rsize|wsize|actimeo|acregmin|acregmax|acdirmin|acdirmax|namlen|local_lock|proto|sec)=[a-z0-9.]+)$/;

/** How the shared directory of a cluster is mounted, its mark and generation, and its room; each with a limit of its own. */
export async function storagePart(
  scene: SupportScene,
  { cluster, storage: { directory } }: MemberConfig,
): Promise<SupportFile[]> {
  const limited = (args: readonly string[]) =>
    scene.run('timeout', ['-k', '1', '5', ...args]).catch((error: Error) => `not told: ${error.message}`);
  const [mount, room, inodes, mark, generation] = await Promise.all([
    limited(['findmnt', '-nro', 'FSTYPE,OPTIONS', '-T', directory]),
    limited(['df', '-Pk', directory]),
    limited(['df', '-Pi', directory]),
    limited(['head', '-c', '200', `${directory}/.ixha/identity`]),
    limited(['head', '-c', '60', `${directory}/.ixha/generation`]),
  ]);
  const [kind = '', options = ''] = (mount.trim().split('\n').at(-1) ?? '').split(/\s+/);
  const numbers = (table: string) =>
    /(\d+)\s+(\d+)\s+(\d+)\s+(\d+)%/.exec(table)?.slice(1).map(Number) ?? null;
  const facts = {
    directory,
    kind: allowText(kind, scene.allowed),
    options: options.split(',').filter((option) => mountOptions.test(option)),
    otherOptions: options.split(',').filter((option) => option !== '' && !mountOptions.test(option)).length,
    kilobytes: numbers(room),
    inodes: numbers(inodes),
    mark: allowText(mark.trim(), scene.allowed),
    generation: allowText(generation.trim(), scene.allowed),
  };
  return [jsonFile(`${cluster}/storage.json`, allowValue(facts, scene.allowed))];
}
