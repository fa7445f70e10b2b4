import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A browser that was started to print. */
export interface BrowserRun {
  /** Messages to it and from it. */
  readonly pipe: { readonly to: Writable; readonly from: Readable };
  /** Why it ended; null: by itself, and well. */
  readonly ended: Promise<string | null>;
  /** Ends it with all its helpers. */
  end(): void;
}

/** A report is printed in about two seconds; a browser that takes this long will not end by itself. */
const endWithinMs = 30_000;

/** Starts a browser with pipes as its files 3 and 4. Called off, or when this program ends, it ends as well. */
export function startBrowser(program: string, argv: readonly string[], signal?: AbortSignal): BrowserRun {
  // A process group of its own: its helpers end with it.
  const browser = spawn(program, argv, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const end = () => endGroup(browser.pid);
  const ended = new Promise<string | null>((resolve) => {
    let cutFor: string | null = null;
    const cut = (why: string) => {
      cutFor = why;
      end();
    };
    const limit = setTimeout(() => cut(`it did not end within ${endWithinMs / 1000} s`), endWithinMs);
    const callOff = () => cut('it was called off');
    const settle = (why: string | null) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', callOff);
      process.removeListener('exit', end);
      resolve(cutFor ?? why);
    };
    process.once('exit', end);
    signal?.addEventListener('abort', callOff, { once: true });
    browser.once('error', ({ message }) => settle(message));
    browser.once('exit', (code, name) => settle(code === 0 ? null : `it ended with ${code ?? name}`));
    if (signal?.aborted === true) callOff();
  });
  return { pipe: pipeOf(browser), ended, end };
}

function pipeOf({ stdio }: ChildProcess): BrowserRun['pipe'] {
  const [to, from] = [stdio[3] as Writable, stdio[4] as Readable];
  // A browser that is gone is told by its end.
  for (const stream of [to, from]) stream.on('error', () => undefined);
  return { to, from };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
