import { join } from 'node:path';
import { readDurable } from '../../agent/durable/durable-file.ts';
import type { ClusterWorld, Site } from './cluster-world.ts';
import { filesOn } from './disk-files.ts';
import type { Disk } from './disk.ts';
import type { Random } from './random.ts';
import { witnessServer, witnessState } from './setting.ts';
import type { World } from './world.ts';

/** Truncates, changes or empties one file of the member's state folder. Answers whether there was one. */
export function damageState(world: World, random: Random, { machine, host }: Site): boolean {
  const folder = host.ports.config.paths.state;
  const path = random.chance(0.6) ? join(folder, 'member.json') : someFile(machine.disk, folder, random);
  return path !== null && damage(world, random, machine.id, machine.disk, path);
}

/** The same with the lease store's record of one cluster. */
export function damageRecord(world: World, random: Random, { id }: ClusterWorld): boolean {
  return damage(world, random, witnessServer, world.machine(witnessServer).disk, recordPath(id));
}

/** Neither member's state is damaged, on its disk or as its agent has found it. */
export function stateIsKnown({ sites }: ClusterWorld): boolean {
  return sites.every(({ machine, host }) => {
    const found = readDurable(join(host.ports.config.paths.state, 'member.json'), filesOn(machine.disk));
    const whole = found.ok || found.error.kind === 'missing';
    return whole && (host.member?.served().parts.memory.damaged ?? null) === null;
  });
}

/** Nor is the store's record: everything that this cluster keeps anywhere is there. */
export function recordsAreWhole(world: World, cluster: ClusterWorld): boolean {
  const record = readDurable(recordPath(cluster.id), filesOn(world.machine(witnessServer).disk));
  return record.ok && stateIsKnown(cluster);
}

function recordPath(cluster: string): string {
  return join(witnessState, `lease-${cluster}.json`);
}

function someFile(disk: Disk, folder: string, random: Random): string | null {
  const files = disk.isFolder(folder) ? disk.list(folder) : [];
  return files.length === 0 ? null : join(folder, random.pick(files));
}

function damage(world: World, random: Random, machine: string, disk: Disk, path: string): boolean {
  const change = random.pick([
    (text: string) => text.slice(0, random.below(text.length)),
    (text: string) => {
      const at = random.below(text.length);
      return `${text.slice(0, at)}\u0000${text.slice(at + 1)}`;
    },
    () => '',
  ]);
  if (!disk.damage(path, (text) => (text === '' ? text : change(text)))) return false;
  world.say(`${path} of ${machine} is damaged`);
  world.note('state files damaged');
  return true;
}
