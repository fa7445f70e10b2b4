import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { killTree } from '../../demo/server/process-table.ts';
import { clusterDesigns, loopback } from './demo-design.ts';
import type { DemoFolders, ServerFolders } from './demo-folders.ts';
import type { DemoRuntime } from './demo-programs.ts';
import { listUnits } from './server-control.ts';
import { launchServer, type ServerProcess } from './server-process.ts';

const bootLimitMs = 10_000;

/** The demo's machines: three servers and the outside. Each is one process tree that can lose its power. */
export interface DemoServers {
  /** Boots a server: its run directory is empty as after any boot, its disk is as it was. */
  boot(server: string): Promise<void>;
  powerCut(server: string): Promise<void>;
  shutDown(server: string, limitMs: number): Promise<void>;
  /** A power cut without waiting, for a forced end of this process. */
  killNow(server: string): void;
  isRunning(server: string): boolean;
  pid(server: string): number | undefined;
}

/** @param onLost called when a server ended although nobody here had asked for it */
export function createDemoServers(
  folders: DemoFolders,
  runtime: DemoRuntime,
  onLost: (server: string) => void,
): DemoServers {
  const running = new Map<string, ServerProcess>();

  async function end(server: string, how: (process: ServerProcess) => Promise<void>): Promise<void> {
    const process = running.get(server);
    running.delete(server);
    if (process) await how(process);
  }

  return {
    async boot(server) {
      if (running.get(server)?.isRunning()) return;
      const here = folders.server(server);
      emptyRun(here, server, folders);
      const process = launchServer({
        nodePath: runtime.nodePath,
        program: runtime.programs.demoServer,
        config: here.config,
        log: join(here.log, 'server.log'),
      });
      running.set(server, process);
      void process.ended.then(() => {
        if (running.get(server) !== process) return;
        running.delete(server);
        onLost(server);
      });
      const up = await waitUntil(bootLimitMs, async () => (await listUnits(here.socket, 500)) !== undefined);
      if (!up) throw new Error(`The service manager of ${server} did not answer. ${lastWords(here)}`);
    },
    powerCut: (server) => end(server, (process) => process.powerCut()),
    shutDown: (server, limitMs) => end(server, (process) => process.shutDown(limitMs)),
    killNow(server) {
      const pid = running.get(server)?.pid;
      if (pid !== undefined) killTree(pid);
    },
    isRunning: (server) => running.get(server)?.isRunning() ?? false,
    pid: (server) => running.get(server)?.pid,
  };
}

function emptyRun(here: ServerFolders, server: string, folders: DemoFolders): void {
  rmSync(here.run, { recursive: true, force: true });
  mkdirSync(here.log, { recursive: true });
  mkdirSync(here.run, { recursive: true });
  for (const { id } of clusterDesigns) mkdirSync(folders.member(server, id).run, { recursive: true });
}

/** Polls until `check` is true; false when that takes longer than the limit. */
export async function waitUntil(limitMs: number, check: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!(await check())) {
    if (performance.now() > end) return false;
    await pause(25);
  }
  return true;
}

/** True when something accepts connections on this port now. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: loopback, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** The last line of every log of a server that has one: the evidence when it does not come up. */
export function lastWords(here: ServerFolders): string {
  return readdirSync(here.log)
    .flatMap((name) => {
      const line = readFileSync(join(here.log, name), 'utf8').trim().split('\n').at(-1);
      return line ? [`${name}: ${line.slice(0, 300)}`] : [];
    })
    .join('; ');
}
