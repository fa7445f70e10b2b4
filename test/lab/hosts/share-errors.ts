import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './command.ts';
import type { HostName, LabLayout, SharedDirectory } from './layout.ts';
import { shareServer } from './shared-directory.ts';

/**
 * What the server of a shared directory can answer to one host: `EROFS` to everything that writes, also into files that
 * are open, as a file system that turned read-only by itself; `ESTALE` to everything, as a server that does not know
 * the mount any more.
 */
export type ShareError = 'EROFS' | 'ESTALE';

const writing = 'pwrite64,mkdir,mknod,unlink,rmdir,rename,renameat,renameat2,link,symlink,truncate,ftruncate';
const calls: Readonly<Record<ShareError, string>> = {
  EROFS: writing,
  // Everything that takes a path, and what is done with open files; not how it talks with the kernel.
  ESTALE: '%file,pread64,pwrite64,fsync',
};

/** The share answers one host with this error from now on. Returns how to end it, which needs no boot. */
export async function failShare(
  lab: LabLayout,
  host: HostName,
  name: SharedDirectory,
  error: ShareError,
): Promise<() => Promise<void>> {
  const server = shareServer(lab, host, name);
  if (server === undefined) throw new Error(`${name} is not mounted on ${host}`);
  const inject = `inject=${calls[error]}:error=${error}`;
  const words = ['-qq', '-f', '-o', '/dev/null', '-p', String(server), '-e', inject];
  const tracer = spawn('strace', words, { stdio: 'ignore' });
  const ended = once(tracer, 'exit');
  const traced = () => /^TracerPid:\t[1-9]/m.test(readFileSync(`/proc/${server}/status`, 'utf8'));
  await until(`${name} fails on ${host}`, traced, { deadlineMs: 5_000, everyMs: 10 });
  return async () => {
    tracer.kill('SIGTERM');
    await Promise.race([ended, delay(5_000)]);
  };
}
