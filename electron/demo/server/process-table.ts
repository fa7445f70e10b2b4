import { readdirSync, readFileSync } from 'node:fs';

/** One process as `/proc/PID/stat` shows it. `startTime` (clock ticks after boot) tells a pid from its next owner. */
export interface ProcessEntry {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly startTime: string;
}

/** Reads one process; `undefined` when there is none, or only an unreaped remainder of it. */
export function readProcess(pid: number): ProcessEntry | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command name may hold spaces and brackets: fields are counted from the last bracket on.
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  const [state, parent, group] = fields;
  const startTime = fields[19];
  if (state === undefined || startTime === undefined || 'ZX'.includes(state)) return undefined;
  return { pid, state, parent: Number(parent), group: Number(group), startTime };
}

function allProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== undefined);
}

/** Every living process of a process group. */
export function groupMembers(group: number): ProcessEntry[] {
  return allProcesses().filter((entry) => entry.group === group);
}

/** Every process below `root`, whatever session or group it moved itself to. */
export function descendants(root: number): ProcessEntry[] {
  const all = allProcesses();
  const found: ProcessEntry[] = [];
  const pending = [root];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for (const entry of all.filter((candidate) => candidate.parent === parent)) {
      found.push(entry);
      pending.push(entry.pid);
    }
  }
  return found;
}

/** Text of a pid file: `PID STARTTIME\n`. */
export function pidFileText(entry: ProcessEntry): string {
  return `${entry.pid} ${entry.startTime}\n`;
}

/** The process that a pid file names, if exactly that one still lives. */
export function processOfPidFile(path: string): ProcessEntry | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const match = /^(\d{1,10}) (\d{1,15})\n$/.exec(text);
  const entry = match ? readProcess(Number(match[1])) : undefined;
  return entry?.startTime === match?.[2] ? entry : undefined;
}

/** Sends a signal to one process; a process that is gone already is no failure. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Kills everything below `root`, whatever group it moved itself to. The tree is held still first, so
 * that nothing new is started while it is being listed. `root` itself is left to the caller.
 */
export function killDescendants(root: number): void {
  for (let round = 0; round < 20; round += 1) {
    const moving = descendants(root).filter((entry) => entry.state !== 'T');
    if (moving.length === 0) break;
    for (const entry of moving) signalProcess(entry.pid, 'SIGSTOP');
  }
  for (const entry of descendants(root)) signalProcess(entry.pid, 'SIGKILL');
}

/** A power cut: `root`, its process group and everything below it, at once. Safe when it is gone already. */
export function killTree(root: number): void {
  const entry = readProcess(root);
  if (entry) {
    signalProcess(root, 'SIGSTOP');
    killDescendants(root);
  }
  if (entry?.group === root) signalProcess(-root, 'SIGKILL');
  else if (entry) signalProcess(root, 'SIGKILL');
}
