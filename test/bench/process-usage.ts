import { readdirSync, readFileSync } from 'node:fs';
import { processMemory, sumOf, type ProcessMemory } from './process-memory.ts';

/** What one program has used since its start, and what it holds now, with every child that lives or was waited for. */
export interface ProcessUsage extends ProcessMemory {
  readonly cpuMs: number;
  /** Sent to disks. */
  readonly writtenBytes: number;
  readonly descriptors: number;
}

/** Kernel ticks are hundredths of a second on every Linux that Node runs on. */
const tickMs = 10;

/** Null when the process has ended. */
export function processUsage(pid: number): ProcessUsage | null {
  const own = usageOfOne(pid);
  if (own === null) return null;
  return childrenOf(pid)
    .map(processUsage)
    .filter((child) => child !== null)
    .reduce(
      (sum, child) => ({
        ...sumOf([sum, child]),
        cpuMs: sum.cpuMs + child.cpuMs,
        writtenBytes: sum.writtenBytes + child.writtenBytes,
        descriptors: sum.descriptors + child.descriptors,
      }),
      own,
    );
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
      .filter((child) => child !== '')
      .map(Number);
  } catch {
    return [];
  }
}

function usageOfOne(pid: number): ProcessUsage | null {
  const memory = processMemory(pid);
  if (memory === null) return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const written = /^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1];
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    return { ...memory, cpuMs: cpuOf(stat), writtenBytes: Number(written ?? 0), descriptors };
  } catch {
    return null;
  }
}

/** Processor time of a line of `/proc/PID/stat`: utime, stime, cutime and cstime. Pure. */
export function cpuOf(stat: string): number {
  // The command name may hold spaces and brackets: fields are counted from the last bracket on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * tickMs;
}
