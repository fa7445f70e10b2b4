import { join } from 'node:path';

/** The lab's hosts in the order of their addresses. */
export const hostNames = ['wk-a', 'wk-b', 'wit', 'lb', 'nas'] as const;
export type HostName = (typeof hostNames)[number];
/** A host, or the outer machine itself, which sends and receives the test traffic. */
export type Place = HostName | 'outer';

/** Clusters whose shared directory every member host mounts as `/share/<name>`. */
export const sharedDirectories = ['wk1', 'wk2'] as const;
export type SharedDirectory = (typeof sharedDirectories)[number];
export const memberHosts: readonly HostName[] = ['wk-a', 'wk-b'];

/** Where one lab keeps its objects. Every name carries the lab's number, so that labs run side by side. */
export interface LabLayout {
  readonly id: number;
  /** Image cache, common to all labs, and the hosts' disks. */
  readonly cache: string;
  readonly hosts: string;
  readonly shared: string;
  /** Process ids, console output and the faults in force; gone after a boot of the machine. */
  readonly run: string;
  readonly bridge: string;
  /** The lab's table in nftables' bridge family. */
  readonly table: string;
  /** Image layers of its hosts, the lowest first. */
  readonly layers: readonly LayerName[];
}

/** `peers` holds other products, for measuring beside them; no test needs it. */
export type LayerName = 'base' | 'extras' | 'peers';

/** `LAB_ID` 0 to 9 (default 0) and `LAB` (default /var/lib/lab). Throws on anything else. */
export function labLayout(environment: NodeJS.ProcessEnv = process.env): LabLayout {
  const id = environment.LAB_ID ?? '0';
  if (!/^[0-9]$/.test(id)) throw new Error(`LAB_ID is ${id}; it must be a digit from 0 to 9`);
  const cache = environment.LAB ?? '/var/lib/lab';
  return {
    id: Number(id),
    cache,
    hosts: join(cache, `hosts${id}`),
    shared: join(cache, `shared${id}`),
    run: `/run/lab${id}`,
    bridge: `lab${id}br`,
    table: `lab${id}`,
    layers: ['base', 'extras'],
  };
}

export function address(lab: LabLayout, place: Place): string {
  return `10.77.${lab.id}.${place === 'outer' ? 1 : 11 + hostNames.indexOf(place)}`;
}

/** Fixed, so that a booted host comes back with the same network card. */
export function macAddress(lab: LabLayout, host: HostName): string {
  return `02:4c:41:42:0${lab.id}:0${hostNames.indexOf(host) + 1}`;
}

/** Network namespace of a host, and the name of its cable's outer end (at most 15 characters). */
export function cableName(lab: LabLayout, host: HostName): string {
  return `lab${lab.id}-${host}`;
}

/** Folder with a host's disks: `root` and `data` are mount points, `upper` what the host wrote. */
export function diskOf(lab: LabLayout, host: HostName): string {
  return join(lab.hosts, host);
}

/** The product's durable state on a host: on the data disk, which loses at a power cut what was not synced. */
export function stateOf(lab: LabLayout, host: HostName): string {
  return join(diskOf(lab, host), 'data/ixha');
}

/** A path of the host as seen from the outer machine. `/tmp` and `/run` are the host's own and not seen. */
export function insideHost(lab: LabLayout, host: HostName, path: string): string {
  return join(diskOf(lab, host), 'root', path);
}

export function isHostName(text: string): text is HostName {
  return (hostNames as readonly string[]).includes(text);
}
