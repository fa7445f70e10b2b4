import { readFileSync, readlinkSync } from 'node:fs';

/**
 * This process by a name that no other ever has: start of its machine, where its number counts, number and own start.
 * Undefined where the system does not tell all of them (only Linux does).
 */
export function processName(pid: number = process.pid): string | undefined {
  try {
    return `${place()} ${pid} ${startOf(pid)}`;
  } catch {
    return undefined;
  }
}

/** Whether a process has surely ended: its number counted here, and is free or another's. False: it is not known. */
export function hasEnded(name: string): boolean {
  try {
    if (!name.startsWith(`${place()} `)) return false;
  } catch {
    return false;
  }
  const pid = Number(name.split(' ').at(-2));
  const present = processName(pid);
  return present === undefined ? !isThere(pid) : present !== name;
}

/** Also for a process of another user, of which nothing more may be told. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function place(): string {
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
}

/** In ticks since the machine's start. What is in brackets before it is the program's name, with anything in it. */
function startOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]!;
}
