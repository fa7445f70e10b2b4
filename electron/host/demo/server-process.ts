import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { killTree, signalProcess } from '../../demo/server/process-table.ts';

/** One running demo server: its service manager and everything below it. */
export interface ServerProcess {
  readonly pid: number;
  isRunning(): boolean;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Every process of the server dies at once; resolves when the service manager is gone. */
  powerCut(): Promise<void>;
  /** Orderly shutdown, and a power cut when that takes longer than `limitMs`. */
  shutDown(limitMs: number): Promise<void>;
}

/**
 * Starts a demo server as a process group of its own. It lives only while this process holds the pipe to
 * its standard input. Throws when the program cannot be started.
 */
export function launchServer(options: {
  readonly nodePath: string;
  readonly program: string;
  readonly config: string;
  readonly log: string;
}): ServerProcess {
  const log = openSync(options.log, 'a');
  let child: ChildProcess;
  try {
    child = spawn(options.nodePath, [options.program, '--config', options.config], {
      detached: true,
      stdio: ['pipe', log, log],
      env: serverEnvironment(process.env),
    });
  } finally {
    closeSync(log);
  }
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.nodePath} cannot be started`);
  let running = true;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running = false;
      // A service manager that was killed alone must not leave its group behind.
      signalProcess(-pid, 'SIGKILL');
      resolve();
    });
  });
  const powerCut = async () => {
    if (running) killTree(pid);
    await ended;
  };
  return {
    pid,
    isRunning: () => running,
    ended,
    powerCut,
    async shutDown(limitMs) {
      if (running) signalProcess(pid, 'SIGTERM');
      const patience = setTimeout(() => void powerCut(), limitMs);
      await ended;
      clearTimeout(patience);
    },
  };
}

/** What a server's processes need and no more: nothing of the console's own settings reaches them. */
function serverEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH'] as const;
  return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
