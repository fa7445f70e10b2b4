import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { must, run, tolerate, until } from './command.ts';
import { layerFolder } from './image.ts';
import {
  address,
  diskOf,
  hostNames,
  memberHosts,
  sharedDirectories,
  type HostName,
  type LabLayout,
} from './layout.ts';

const dataMegabytes = 256;

/** Makes a host's disks once: its overlay with name, hosts file, machine id and ssh key, and a data image. */
export async function createDisk(lab: LabLayout, host: HostName): Promise<void> {
  const disk = diskOf(lab, host);
  if (existsSync(join(disk, 'ready'))) return;
  rmSync(disk, { recursive: true, force: true });
  for (const folder of ['upper/etc/ssh', 'work', 'root', 'data']) {
    mkdirSync(join(disk, folder), { recursive: true });
  }
  const names = hostNames.map((name) => `${address(lab, name)} ${name}`);
  const etc = join(disk, 'upper/etc');
  writeFileSync(join(etc, 'hostname'), `${host}\n`);
  writeFileSync(
    join(etc, 'hosts'),
    ['127.0.0.1 localhost', ...names, `${address(lab, 'outer')} outer`, ''].join('\n'),
  );
  writeFileSync(join(etc, 'machine-id'), `${randomBytes(16).toString('hex')}\n`);
  const key = join(etc, 'ssh/ssh_host_ed25519_key');
  await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', host, '-f', key]);
  const image = join(disk, 'data.img');
  await must('truncate', ['-s', `${dataMegabytes}M`, image]);
  await must('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=1', image]);
  writeFileSync(join(disk, 'ready'), '');
}

/** Strict host key checking stays on from the first connection: the keys were made here. */
export function writeKnownHosts(lab: LabLayout): void {
  const lines = hostNames.flatMap((host) => {
    const file = join(diskOf(lab, host), 'upper/etc/ssh/ssh_host_ed25519_key.pub');
    if (!existsSync(file)) return [];
    const [kind, key] = readFileSync(file, 'utf8').split(' ');
    return [`${host},${address(lab, host)} ${kind} ${key}`];
  });
  writeFileSync(knownHostsFile(lab), `${lines.join('\n')}\n`);
}

export function knownHostsFile(lab: LabLayout): string {
  return join(lab.hosts, 'known_hosts');
}

export async function mountDisk(lab: LabLayout, host: HostName): Promise<void> {
  const disk = diskOf(lab, host);
  const root = join(disk, 'root');
  if (!isMounted(root)) {
    const lower = lab.layers
      .map((layer) => layerFolder(lab, layer))
      .reverse()
      .join(':');
    const layers = `lowerdir=${lower},upperdir=${join(disk, 'upper')},workdir=${join(disk, 'work')}`;
    await must('mount', ['-t', 'overlay', `lab${lab.id}-${host}`, '-o', layers, root]);
  }
  const data = join(disk, 'data');
  if (!isMounted(data)) await must('mount', ['-o', 'loop', join(disk, 'data.img'), data]);
}

export async function unmount(path: string): Promise<void> {
  if (!isMounted(path)) return;
  if (!(await tolerate('umount', [path]))) await tolerate('umount', ['-l', path]);
}

/** Read from the kernel's list: asking a shared directory whose server is gone or hangs would fail or hang. */
export function isMounted(path: string): boolean {
  return mountPoints().includes(path);
}

/**
 * Makes the data disk forget what was never synced, as a power cut does: the file system is told to go
 * down without writing its log. Node has no ioctl.
 */
export async function forgetUnsynced(lab: LabLayout, host: HostName): Promise<void> {
  const data = join(diskOf(lab, host), 'data');
  if (!isMounted(data)) return;
  const script = [
    'import fcntl, os, struct, sys',
    'GOING_DOWN, WITHOUT_LOG_FLUSH = 0x8004587D, 2',
    'fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), GOING_DOWN, struct.pack("I", WITHOUT_LOG_FLUSH))',
  ].join('\n');
  await must('python3', ['-c', script, data]);
}

/** Waits until the kernel let go of the data image: mounted again too early, it is the dead file system. */
export async function dataDiskReleased(lab: LabLayout, host: HostName): Promise<void> {
  const image = join(diskOf(lab, host), 'data.img');
  const free = async () => (await run('losetup', ['-j', image])).stdout.trim() === '';
  await until(`data disk of ${host} released`, free, { deadlineMs: 3_000, everyMs: 20 });
}

/** Mount points below a folder, deepest first. */
export function mountsBelow(folder: string): string[] {
  return mountPoints()
    .filter((path) => path.startsWith(`${folder}/`))
    .sort()
    .reverse();
}

function mountPoints(): string[] {
  const rows = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return rows.flatMap((row) => row.split(' ')[1] ?? []);
}

/** Where a member's shared directories are mounted outside, and where the host sees them. */
export function sharedMounts(
  lab: LabLayout,
  host: HostName,
): { name: string; outside: string; inside: string }[] {
  if (!memberHosts.includes(host)) return [];
  return sharedDirectories.map((name) => ({
    name,
    outside: join(diskOf(lab, host), `share-${name}`),
    inside: `/share/${name}`,
  }));
}

/** Every write and every sync of the data disk hangs from now on, until `thawDisk`. */
export async function freezeDisk(lab: LabLayout, host: HostName): Promise<void> {
  await must('fsfreeze', ['--freeze', join(diskOf(lab, host), 'data')]);
}

/** Writes that a stopped file system held back go on. */
export async function thawDisk(lab: LabLayout, host: HostName): Promise<void> {
  const data = join(diskOf(lab, host), 'data');
  if (isMounted(data)) await tolerate('fsfreeze', ['--unfreeze', data]);
}

/** Every access to the data disk fails with an input/output error from now on, until the next boot. */
export function breakDisk(lab: LabLayout, host: HostName): Promise<void> {
  return forgetUnsynced(lab, host);
}
