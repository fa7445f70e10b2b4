import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tolerate, until } from './command.ts';
import type { HostName, LabLayout } from './layout.ts';
import { signalAll } from './signal.ts';

/** Mount points of the control group trees: the version 2 tree, and the version 1 controllers if any. */
export function controlGroupMounts(mounts: string = readFileSync('/proc/mounts', 'utf8')): {
  readonly unified: string | undefined;
  readonly controllers: readonly string[];
  /** The one of them that shares out processor time. */
  readonly processor: string | undefined;
} {
  const rows = mounts.split('\n').map((line) => line.split(' '));
  return {
    unified: rows.find((row) => row[2] === 'cgroup2')?.[1],
    // A new cpuset group accepts no process before it is configured, and the lab needs none.
    controllers: rows
      .filter((row) => row[2] === 'cgroup' && !row[3]!.split(',').includes('cpuset'))
      .map((row) => row[1]!),
    processor: rows.find((row) => row[2] === 'cgroup' && row[3]!.split(',').includes('cpu'))?.[1],
  };
}

/** The host's group in the version 2 tree: everything the host runs is below it. */
export function groupOf(lab: LabLayout, host: HostName): string {
  const { unified } = controlGroupMounts();
  if (!unified) throw new Error('no version 2 control group tree is mounted');
  return join(unified, `lab${lab.id}`, host);
}

/** Creates the host's groups and returns them; a process enters them through `cgroup.procs`. */
export function createGroups(lab: LabLayout, host: HostName): string[] {
  const groups = allGroups(lab, host);
  for (const group of groups) mkdirSync(group, { recursive: true });
  const { processor } = controlGroupMounts();
  if (processor) writeFileSync(join(processor, `lab${lab.id}`, 'cpu.shares'), labShares);
  return groups;
}

/** Without it all hosts together get as much of a busy machine as one program outside gets. */
const labShares = '20480';

/** Removes the host's empty groups, deepest first, and the lab's when it was the last. */
export async function removeGroups(lab: LabLayout, host: HostName): Promise<void> {
  for (const group of allGroups(lab, host)) {
    if (existsSync(group))
      await tolerate('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
    await tolerate('rmdir', [join(group, '..')]);
  }
}

function allGroups(lab: LabLayout, host: HostName): string[] {
  const { controllers } = controlGroupMounts();
  return [groupOf(lab, host), ...controllers.map((tree) => join(tree, `lab${lab.id}`, host))];
}

export function isPopulated(lab: LabLayout, host: HostName): boolean {
  return event(groupOf(lab, host), 'populated') === '1';
}

/** Ends every process of the host at once and waits until none is left. */
export async function killGroup(lab: LabLayout, host: HostName): Promise<void> {
  const group = groupOf(lab, host);
  if (!existsSync(group)) return;
  writeFileSync(join(group, 'cgroup.kill'), '1');
  await until(`every process of ${host} gone`, () => event(group, 'populated') !== '1', {
    deadlineMs: 5_000,
    everyMs: 10,
  });
}

/** Stops the whole host where it stands; its kernel side still answers, so TCP handshakes succeed. */
export async function freezeHost(lab: LabLayout, host: HostName): Promise<void> {
  const group = groupOf(lab, host);
  writeFileSync(join(group, 'cgroup.freeze'), '1');
  await until(`${host} frozen`, () => event(group, 'frozen') === '1', { deadlineMs: 10_000, everyMs: 5 });
}

export function thawHost(lab: LabLayout, host: HostName): void {
  const group = groupOf(lab, host);
  if (existsSync(group)) writeFileSync(join(group, 'cgroup.freeze'), '0');
}

/** Process ids, as the outer machine counts them, of one unit of the host. Empty when it does not run. */
export function unitProcesses(lab: LabLayout, host: HostName, unit: string): number[] {
  return groupsBelow(groupOf(lab, host))
    .filter((group) => group.split('/').includes(unit))
    .flatMap(processesIn);
}

/** Sends a signal to the processes of a unit; returns how many there were. */
export function signalUnit(lab: LabLayout, host: HostName, unit: string, signal: NodeJS.Signals): number {
  return signalAll(() => unitProcesses(lab, host, unit), signal);
}

export function hostProcesses(lab: LabLayout, host: HostName): number[] {
  const group = groupOf(lab, host);
  return existsSync(group) ? groupsBelow(group).flatMap(processesIn) : [];
}

function groupsBelow(group: string): string[] {
  return [group, ...foldersIn(group).flatMap(groupsBelow)];
}

/** None where the group ended while we looked. */
function foldersIn(group: string): string[] {
  try {
    return readdirSync(group, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(group, entry.name));
  } catch {
    return [];
  }
}

function processesIn(group: string): number[] {
  try {
    return readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return []; // The group ended while we looked.
  }
}

function event(group: string, name: string): string | undefined {
  try {
    const lines = readFileSync(join(group, 'cgroup.events'), 'utf8').split('\n');
    return lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1];
  } catch {
    return undefined;
  }
}
