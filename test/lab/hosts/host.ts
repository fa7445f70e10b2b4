import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command.ts';
import { createGroups, isPopulated, killGroup, removeGroups, thawHost } from './control-group.ts';
import { currentCuts, enforce } from './cuts.ts';
import {
  createDisk,
  dataDiskReleased,
  forgetUnsynced,
  mountDisk,
  mountsBelow,
  sharedMounts,
  thawDisk,
  unmount,
  writeKnownHosts,
} from './disk.ts';
import { cableName, diskOf, stateOf, type HostName, type LabLayout } from './layout.ts';
import { plugIn, setLink, unplug } from './network.ts';
import { nodeFolder } from './prerequisites.ts';
import { attachShares, detachShares } from './shared-directory.ts';
import { onHost, waitForSsh } from './ssh.ts';

/** Switches a host on and waits until ssh answers. A host that runs is left alone. */
export async function bootHost(lab: LabLayout, host: HostName): Promise<void> {
  if (!isPopulated(lab, host)) {
    mkdirSync(lab.run, { recursive: true });
    await createDisk(lab, host);
    writeKnownHosts(lab);
    await plugIn(lab, host);
    await mountDisk(lab, host);
    await attachShares(lab, host);
    startInit(lab, host);
    await enforce(lab, currentCuts(lab));
  }
  await waitForSsh(lab, host);
  await checkShares(lab, host);
}

/**
 * The shell enters the host's groups before it becomes nspawn, so that nothing of the host is ever
 * outside. It leaves the mounts of all other hosts behind in a namespace of its own: nspawn keeps the old
 * mounts hidden inside, so that every host would pin every other host's data disk over a power cut.
 * It inherits no stream of ours: a pipe held by a host would never close.
 */
const becomeHost = `
groups=$1; cache=$2; own=$3; shift 3
for group in $groups; do echo $$ > "$group/cgroup.procs"; done
awk -v hosts="$cache/hosts" -v own="$own/" 'index($2, hosts) == 1 && index($2, own) != 1 { print $2 }' \
  /proc/self/mounts | sort -r | xargs -r umount -l
exec systemd-nspawn "$@"`;

function startInit(lab: LabLayout, host: HostName): void {
  const disk = diskOf(lab, host);
  const shares = sharedMounts(lab, host).map(({ outside, inside }) => `--bind=${outside}:${inside}`);
  mkdirSync(stateOf(lab, host), { recursive: true });
  const nspawn = [
    ...['-q', '-D', join(disk, 'root'), '--boot', `--machine=${host}`],
    ...['--register=no', '--keep-unit', '--link-journal=no', '--resolv-conf=off', '--timezone=off'],
    ...['--console=pipe', `--network-namespace-path=/run/netns/${cableName(lab, host)}`],
    ...['--capability=CAP_NET_ADMIN,CAP_IPC_LOCK', '--bind=/dev/fuse', `--bind=${join(disk, 'data')}:/data`],
    ...[`--bind=${stateOf(lab, host)}:/var/lib/ixha`, `--bind-ro=${nodeFolder()}:/opt/node`, ...shares],
  ];
  const shell = ['bash', '-c', becomeHost, 'lab-host', createGroups(lab, host).join(' '), lab.cache, disk];
  const console = openSync(join(lab.run, `${host}.console`), 'a');
  const child = spawn('unshare', ['-m', '--propagation', 'private', ...shell, ...nspawn], {
    stdio: ['ignore', console, console],
    detached: true,
  });
  closeSync(console);
  child.unref();
}

/** A share that failed to mount leaves a plain directory behind, and every test on it would lie. */
async function checkShares(lab: LabLayout, host: HostName): Promise<void> {
  for (const { inside } of sharedMounts(lab, host)) {
    const kind = await onHost(lab, host, `findmnt -n -o FSTYPE --mountpoint ${inside} || true`);
    if (!kind.trim().startsWith('fuse')) throw new Error(`${inside} on ${host} is not the shared directory`);
  }
}

/**
 * Takes the power away. The order makes it one: the cable first, so that the dying kernel's FINs do not
 * get out; then unsynced data; then every process at once; then addresses and sockets.
 */
export async function cutPower(lab: LabLayout, host: HostName): Promise<void> {
  if (!isPopulated(lab, host)) return;
  await setLink(lab, host, 'down');
  await thawDisk(lab, host);
  await forgetUnsynced(lab, host);
  await killGroup(lab, host);
  await leftovers(lab, host);
  await dataDiskReleased(lab, host);
}

/** Takes everything of a host away except its disks. Every step accepts that there is nothing. */
export async function removeHost(lab: LabLayout, host: HostName): Promise<void> {
  thawHost(lab, host);
  await thawDisk(lab, host);
  await killGroup(lab, host);
  await leftovers(lab, host);
  await unmount(join(diskOf(lab, host), 'root'));
}

async function leftovers(lab: LabLayout, host: HostName): Promise<void> {
  await unplug(lab, host);
  await detachShares(lab, host);
  await unmount(join(diskOf(lab, host), 'data'));
  await removeGroups(lab, host);
}

/** Forgets the hosts' disks. One file system only: nothing mounted below is ever emptied. */
export async function removeDisks(lab: LabLayout): Promise<void> {
  for (const folder of [lab.hosts, lab.shared]) {
    const mounts = mountsBelow(folder);
    if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(', ')}`);
    if (existsSync(folder)) await must('rm', ['-rf', '--one-file-system', folder]);
  }
}
