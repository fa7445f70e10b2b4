import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { groupMembers, killTree, signalProcess } from '../../demo/server/process-table.ts';

/** A killed process that waits for a disk ends late; nobody waits for it longer than this. */
const groupEndLimitMs = 2_000;

/** One running demo server: its service manager and everything below it. */
export interface ServerProcess {
  readonly pid: number;
  isRunning(): boolean;
  /** Resolves when it and all of its group have ended, for whatever reason. */
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
      void endGroup(pid).then(resolve);
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

/** A service manager that was killed alone must not leave its group behind; waits until the group is empty. */
async function endGroup(group: number): Promise<void> {
  const end = performance.now() + groupEndLimitMs;
  while (groupMembers(group).length > 0 && performance.now() < end) {
    signalProcess(-group, 'SIGKILL');
    await pause(5);
  }
}

/** What a server's processes need and no more: nothing of the console's own settings reaches them. */
function serverEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH'] as const;
  return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
