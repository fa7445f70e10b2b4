import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Waits for a lock file and returns how to release it. The lock ends with this process, however it ends:
 * the holder, a child, reads our pipe.
 */
export function holdLock(file: string): Promise<() => void> {
  const { promise, resolve, reject } = Promise.withResolvers<() => void>();
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  holder.on('error', reject);
  holder.stdout.once('data', () => resolve(() => holder.stdin.end()));
  return promise;
}
