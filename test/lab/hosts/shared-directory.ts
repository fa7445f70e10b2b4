import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { must, until } from './command.ts';
import { isMounted, sharedMounts, unmount } from './disk.ts';
import { engineUser } from './image.ts';
import type { HostName, LabLayout, SharedDirectory } from './layout.ts';
import { signalIfThere } from './signal.ts';

const sharedMegabytes = 128;

/**
 * One bindfs process per host and shared directory, on the outer machine. Stopping it is a storage
 * server that hangs; killing it is storage taken away: open files fail at their next use.
 */
const options = ['attr_timeout=0', 'entry_timeout=0', 'negative_timeout=0', 'allow_other'].join(',');

/** Mounts the host's shared directories. They must be there before the host boots. */
export async function attachShares(lab: LabLayout, host: HostName): Promise<void> {
  for (const { name, outside } of sharedMounts(lab, host)) {
    if (signalShare(lab, host, name as SharedDirectory, 'SIGCONT') && isMounted(outside)) continue;
    await unmount(outside); // What a bindfs that was killed left behind.
    const source = await sharedSource(lab, name as SharedDirectory);
    mkdirSync(outside, { recursive: true });
    // bindfs ends at once on a mount point with content, and the host would use the plain directory.
    if (readdirSync(outside).length > 0) throw new Error(`${outside} is not empty`);
    const log = openSync(join(lab.run, `${host}.share-${name}.log`), 'a');
    const child = spawn(
      'bindfs',
      ['-f', '--multithreaded', '--enable-lock-forwarding', '-o', options, source, outside],
      { stdio: ['ignore', log, log], detached: true },
    );
    closeSync(log);
    child.unref();
    if (child.pid === undefined) throw new Error('bindfs did not start');
    preferSession(child.pid);
    writeFileSync(processFile(lab, host, name), String(child.pid));
    await until(`${outside} mounted`, () => isMounted(outside), { deadlineMs: 5_000, everyMs: 20 });
  }
}

/** A storage server does not wait for what else this machine does; kernels without groups of sessions know no such file. */
function preferSession(pid: number): void {
  const file = `/proc/${pid}/autogroup`;
  if (existsSync(file)) writeFileSync(file, '-10');
}

/** What all hosts share, in a file system of its own size: it can be filled without filling this machine. */
async function sharedSource(lab: LabLayout, name: SharedDirectory): Promise<string> {
  const source = join(lab.shared, name);
  mkdirSync(source, { recursive: true });
  if (!isMounted(source)) {
    const size = `size=${sharedMegabytes}m,mode=755`;
    await must('mount', ['-t', 'tmpfs', '-o', size, `lab${lab.id}-${name}`, source]);
    chownSync(source, engineUser.uid, engineUser.uid);
  }
  return source;
}

/** Takes the shares from a host that is off. */
export async function detachShares(lab: LabLayout, host: HostName): Promise<void> {
  for (const { name, outside } of sharedMounts(lab, host)) {
    signalShare(lab, host, name as SharedDirectory, 'SIGKILL');
    await unmount(outside);
    rmSync(processFile(lab, host, name), { force: true });
  }
}

/** SIGSTOP: the storage hangs. SIGCONT: it goes on. SIGKILL: it is cut off, until the host boots again. */
export function signalShare(
  lab: LabLayout,
  host: HostName,
  name: SharedDirectory,
  signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL',
): boolean {
  const pid = shareServer(lab, host, name);
  return pid !== undefined && signalIfThere(pid, signal);
}

/** The process that serves the directory to that host; undefined when none does. */
export function shareServer(lab: LabLayout, host: HostName, name: SharedDirectory): number | undefined {
  const file = processFile(lab, host, name);
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  return isOurBindfs(pid, lab) ? pid : undefined;
}

/** Whether every shared directory of the host has its server: one that was cut off comes back with the next boot. */
export function sharesAlive(lab: LabLayout, host: HostName): boolean {
  return sharedMounts(lab, host).every(({ name }) =>
    signalShare(lab, host, name as SharedDirectory, 'SIGCONT'),
  );
}

/** A process id may have been given to somebody else since it was written down. */
function isOurBindfs(pid: number, lab: LabLayout): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return command[0] === 'bindfs' && command.some((word) => word.startsWith(`${lab.shared}/`));
  } catch {
    return false;
  }
}

function processFile(lab: LabLayout, host: HostName, name: string): string {
  return join(lab.run, `${host}.share-${name}.pid`);
}
