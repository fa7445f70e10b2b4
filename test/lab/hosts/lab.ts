import { mkdirSync, rmSync } from 'node:fs';
import { hostProcesses, isPopulated } from './control-group.ts';
import { enforce } from './cuts.ts';
import { mountsBelow, unmount } from './disk.ts';
import { bootHost, removeDisks, removeHost } from './host.ts';
import { buildImage } from './image.ts';
import { address, hostNames, type HostName, type LabLayout } from './layout.ts';
import { bridgeDown, bridgeUp } from './network.ts';

/** Builds what is missing of the image and boots the hosts side by side. Hosts that run are left alone. */
export async function labUp(
  lab: LabLayout,
  hosts: readonly HostName[] = hostNames,
  tell: (line: string) => void = () => undefined,
): Promise<void> {
  await buildImage(lab, tell);
  mkdirSync(lab.run, { recursive: true });
  mkdirSync(lab.hosts, { recursive: true });
  await bridgeUp(lab);
  await enforce(lab, []);
  const booted = await Promise.allSettled(hosts.map((host) => bootHost(lab, host)));
  const failed = booted.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  if (failed.length > 0) throw new Error(failed.join('\n'));
}

/** Removes hosts, mounts, namespaces, bridge and rules; the disks and the image cache stay. */
export async function labDown(lab: LabLayout): Promise<void> {
  for (const host of hostNames) await removeHost(lab, host);
  for (const path of mountsBelow(lab.hosts)) await unmount(path);
  for (const path of mountsBelow(lab.shared)) await unmount(path);
  await bridgeDown(lab);
  rmSync(lab.run, { recursive: true, force: true });
}

/** Down, and the hosts' disks forgotten: the next `up` starts from new machines. */
export async function labWipe(lab: LabLayout): Promise<void> {
  await labDown(lab);
  await removeDisks(lab);
}

export interface HostState {
  readonly host: HostName;
  readonly address: string;
  readonly on: boolean;
  readonly processes: number;
}

export function labStatus(lab: LabLayout): HostState[] {
  return hostNames.map((host) => ({
    host,
    address: address(lab, host),
    on: isPopulated(lab, host),
    processes: hostProcesses(lab, host).length,
  }));
}
