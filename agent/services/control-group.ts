import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where the service manager keeps its control groups. */
export interface ControlGroupTree {
  /** Where the version 2 tree is mounted. */
  readonly mount: string;
  /** The manager's own group: the mount, or below it in a container. */
  readonly root: string;
}

/** Null when there is no version 2 tree; then no unit's group can be read. */
export function controlGroupTree(
  mounts: string = readFileSync('/proc/self/mounts', 'utf8'),
  managerGroups: string = readFileSync('/proc/1/cgroup', 'utf8'),
): ControlGroupTree | null {
  const escaped = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[2] === 'cgroup2')?.[1];
  if (escaped === undefined) return null;
  const mount = unescaped(escaped);
  const own = /^0::(.*)$/m.exec(managerGroups)?.[1] ?? '';
  return { mount, root: join(mount, own.replace(/\/init\.scope$/, '')) };
}

/** Folder of a slice below the root: `system-iguanax.slice` is `system.slice/system-iguanax.slice`. */
export function sliceFolder(slice: string): string {
  if (slice === '-.slice') return '';
  const parts = slice.replace(/\.slice$/, '').split('-');
  return parts.map((_, at) => `${parts.slice(0, at + 1).join('-')}.slice`).join('/');
}

/** How deep slices are searched: enough for template units and one more slice of the site. */
const searchedDepth = 3;

/** The unit's group by its name, searched in all slices. Null: there is none, or the tree cannot be read. */
export function findControlGroup(root: string, unit: string, depth = searchedDepth): string | null {
  const names = foldersIn(root);
  if (names.includes(unit)) return join(root, unit);
  if (depth === 0) return null;
  for (const name of names) {
    if (!name.endsWith('.slice')) continue;
    const found = findControlGroup(join(root, name), unit, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

/** Tells a group from one of the same name that was made later; null: it cannot be looked at. */
export function groupIdentity(folder: string): number | null {
  try {
    return statSync(folder).ino;
  } catch {
    return null;
  }
}

/**
 * Tells one life of the group's processes from another, also to a program that is started later: the group itself,
 * and when the first of its processes was started, since a service that is started anew may be given the same group.
 * Null: nothing runs in it, or it cannot be looked at.
 */
export function groupLife(folder: string, proc = '/proc'): string | null {
  try {
    const identity = groupIdentity(folder);
    const starts = groupProcesses(folder)
      .map((pid) => startTicks(pid, proc))
      .filter((ticks) => ticks !== null);
    return identity === null || starts.length === 0 ? null : `${identity}-${Math.min(...starts)}`;
  } catch {
    return null;
  }
}

/** When a process was started, in the kernel's ticks since the boot; null: it has ended meanwhile. */
function startTicks(pid: number, proc: string): number | null {
  try {
    const stat = readFileSync(join(proc, String(pid), 'stat'), 'utf8');
    // The name may hold blanks and brackets; the start is the twentieth field after it.
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    return Number.isSafeInteger(ticks) ? ticks : null;
  } catch {
    return null;
  }
}

/** Whether the group has processes; null when there is no such group; throws when it cannot be read. */
export function groupPopulated(folder: string): boolean | null {
  try {
    return /^populated 1$/m.test(readFileSync(join(folder, 'cgroup.events'), 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENODEV') return null;
    throw error;
  }
}

/**
 * Whether all that runs in the engine's group is the gate, which the service manager starts there before every start
 * and which refuses it: that is no engine. The guards look in the same way.
 */
export function onlyTheGate(folder: string, nameOf: (pid: number) => string | null = processName): boolean {
  if (foldersIn(folder).some((name) => groupProcesses(join(folder, name)).length > 0)) return false;
  const names = groupProcesses(folder)
    .map(nameOf)
    .filter((name) => name !== null);
  return names.length > 0 && names.every((name) => gateNames.includes(name));
}

/**
 * The second: between fork and exec. The third: the service manager's own child, which it puts into the group before
 * that child has run at all; an engine that comes of it has another name at the next look.
 */
const gateNames: readonly string[] = ['gate.sh', '(gate.sh)', 'systemd'];

/** Null for a process that is gone. */
function processName(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd();
  } catch {
    return null;
  }
}

/** Every process of the group and of the groups below it; none when there is no such group. */
export function groupProcesses(folder: string): number[] {
  let own: string;
  try {
    own = readFileSync(join(folder, 'cgroup.procs'), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENODEV') return [];
    throw error;
  }
  const below = foldersIn(folder).flatMap((name) => groupProcesses(join(folder, name)));
  return [...own.split('\n').filter(Boolean).map(Number), ...below];
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Blanks and the like are octal in the table of mounts. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
