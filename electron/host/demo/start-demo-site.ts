import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { timingPresets, type TimingPolicy, type TimingPresetName } from '../../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { siteRefusals } from '../../../shared/site/site-rules.ts';
import type { DemoSitePort } from '../demo-site-port.ts';
import { makeCertificates } from './demo-certificates.ts';
import { controlFileOf, startDemoControl } from './demo-control.ts';
import { allServers, witnessServer } from './demo-design.ts';
import { cutBy, demoDocument, type DemoCopied } from './demo-document.ts';
import { writeDemoFiles, type DemoEtcd } from './demo-files.ts';
import { demoFolders, type DemoFolders } from './demo-folders.ts';
import { removePointer } from './demo-pointer.ts';
import { assignPorts, choosePorts, portsNeeded, type DemoPorts } from './demo-ports.ts';
import { missingForDemo, type DemoRuntime } from './demo-programs.ts';
import { createDemoRequests } from './demo-requests.ts';
import { createDemoServers, lastWords, listens, waitUntil, type DemoServers } from './demo-servers.ts';
import { createDemoSite, type RunningDemo } from './demo-site.ts';
import { endWithUs } from './end-with-us.ts';
import { demoFolderPrefix, removeOldDemos, writeOwner } from './old-demos.ts';
import { seedWitness } from './seed-witness.ts';

const usualReadyLimitMs = 30_000;
/** Between the choice of a port and its use somebody else may take it. */
const portAttempts = 3;

export interface DemoSiteOptions extends DemoRuntime {
  /** A new or empty folder for everything of the demo; a new temporary one, removed at the end, when absent. */
  readonly directory?: string;
  /** Timing of both clusters; `fast` when absent. */
  readonly timing?: TimingPresetName | TimingPolicy;
  /** Also write down every message and when each engine ran, for a judge; false when absent. */
  readonly keepRecords?: boolean;
  /** An etcd that keeps the leases, with its first records; the demo's witness then keeps none. */
  readonly etcd?: DemoEtcd;
  /** Each server has a directory of its own, which is copied; `directory` must be given then. */
  readonly copied?: DemoCopied;
  /** A program that cuts the other server off from the shared directories, as a site may have one. */
  readonly cutProgram?: string;
  /** Told what is being done, in a few words. */
  readonly onProgress?: (text: string) => void;
  readonly platform?: NodeJS.Platform;
  /** How long the programs may take until they answer; 30 s when absent. */
  readonly readyLimitMs?: number;
}

/**
 * Starts the demo site: two servers with two clusters crossed over, a witness, a network whose links can
 * be cut, a balancer and HL7 traffic, every part a process of its own on loopback. All of them end with
 * `stop()`, and also when this process ends in any other way. Fails with `demo.failed`; nothing then runs.
 */
export async function startDemoSite(options: DemoSiteOptions): Promise<Result<DemoSitePort, ProductError>> {
  const missing = missingForDemo(options, options.platform ?? process.platform);
  if (missing[0] !== undefined) return fail(productError('demo.failed', missing[0], missing.slice(1)));
  for (let attempt = 1; ; attempt += 1) {
    const folders = demoFolders(newFolder(options.directory));
    const live: LiveParts = { killNow: () => undefined };
    const letGo = endWithUs(process, () => {
      live.killNow();
      removePointer(controlFileOf(folders));
      clearFolder(folders.root, options.directory);
    });
    try {
      return succeed(await startOnce(options, folders, live, letGo));
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      letGo();
      clearFolder(folders.root, options.directory);
      if (!said.includes('EADDRINUSE') || attempt === portAttempts) {
        return fail(productError('demo.failed', 'The demo site did not start.', [said]));
      }
    }
  }
}

/** What runs of a demo, for a forced end; replaced as soon as something does. */
interface LiveParts {
  killNow: () => void;
}

async function startOnce(
  options: DemoSiteOptions,
  folders: DemoFolders,
  live: LiveParts,
  letGo: () => void,
): Promise<DemoSitePort> {
  const say = options.onProgress ?? (() => undefined);
  const { socket } = folders.server('ig-witness');
  if (socket.length > longestSocket) throw new Error(`${folders.root} is too long a path for Unix sockets`);
  const ports = portsFrom(await choosePorts(portsNeeded()));
  const timing = options.timing ?? 'fast';
  const whole = demoDocument(ports, folders, timing, options.etcd?.store, options.copied);
  const site = cutBy(whole, options.cutProgram);
  const refusals = siteRefusals(site);
  if (refusals.length > 0) throw new Error(refusals.join('; '));
  say('Writing the configuration of two servers and a witness');
  const keepRecords = options.keepRecords ?? false;
  const policy = typeof timing === 'string' ? timingPresets[timing] : timing;
  const { etcd, copied } = options;
  writeDemoFiles({ site, timing: policy, ports, folders, runtime: options, keepRecords, etcd, copied });
  say('Making keys and certificates');
  await makeCertificates(folders, { nodePath: options.nodePath, agent: options.programs.agent });
  await seedWitness(folders, options);
  let demo: RunningDemo | undefined;
  const servers = createDemoServers(folders, options, (server) => demo?.lost(server));
  const everything = [...allServers, 'outside'];
  live.killNow = () => everything.forEach((server) => servers.killNow(server));
  try {
    await bootAndAwait(ports, folders, servers, { ...options, say });
    let closeControl = async () => {};
    const onStopped = async () => {
      await closeControl();
      clearFolder(folders.root, options.directory);
      letGo();
    };
    demo = createDemoSite({ site, folders, servers, requests: createDemoRequests(ports), onStopped });
    closeControl = await startDemoControl(demo);
    return demo;
  } catch (cause) {
    await Promise.all(everything.map((server) => servers.powerCut(server)));
    throw cause;
  }
}

/**
 * Boots everything and waits until it listens, the lease store last: it grants nothing for a while after its first start,
 * and each cluster's preferred member shall have looked at everything by then, however slow its server is.
 */
async function bootAndAwait(
  ports: DemoPorts,
  folders: DemoFolders,
  servers: DemoServers,
  { say, readyLimitMs = usualReadyLimitMs }: { say: (text: string) => void; readyLimitMs?: number },
): Promise<void> {
  say('Booting the servers');
  const others = [...allServers.filter((server) => server !== witnessServer), 'outside'];
  await Promise.all(others.map((server) => servers.boot(server)));
  say('Waiting until every program answers');
  const awaited = [
    ...(['networkControl', 'balancerControl', 'trafficControl'] as const).map((name) => ({
      server: 'outside',
      port: ports[name],
    })),
    ...Object.values(ports.clusters).flatMap(({ members }) =>
      Object.entries(members).flatMap(([server, { api, active }]) => [
        { server, port: api },
        { server, port: active },
      ]),
    ),
  ];
  await awaitPrograms(awaited, folders, servers, readyLimitMs);
  await servers.boot(witnessServer);
  const store = [{ server: witnessServer, port: ports.witness }];
  await awaitPrograms(store, folders, servers, readyLimitMs);
}

/** Waits until everything that shall listen does; throws with the last words of whoever does not. */
async function awaitPrograms(
  awaited: readonly { readonly server: string; readonly port: number }[],
  folders: DemoFolders,
  servers: DemoServers,
  readyLimitMs: number,
): Promise<void> {
  await Promise.all(
    awaited.map(async ({ server, port }) => {
      const up = await waitUntil(readyLimitMs, () => {
        if (!servers.isRunning(server)) throw new Error(`${server} ended at its start`);
        return listens(port);
      });
      if (up) return;
      const words = lastWords(folders.server(server));
      throw new Error(`Port ${port} of ${server} does not answer after ${readyLimitMs / 1000} s. ${words}`);
    }),
  );
}

function portsFrom(free: readonly number[]): DemoPorts {
  let next = 0;
  return assignPorts(() => free[next++]!);
}

/** Longer paths than this leave no room for the names of Unix sockets, which end at 107 bytes. */
const longestRoot = 60;
const longestSocket = 99;

function newFolder(directory: string | undefined): string {
  if (directory !== undefined) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }
  const base = tmpdir().length + 'ixha-demo-XXXXXX'.length < longestRoot ? tmpdir() : '/tmp';
  removeOldDemos(base);
  const folder = mkdtempSync(join(base, demoFolderPrefix));
  writeOwner(folder);
  return folder;
}

/** Removes what the demo made. A folder that was given stays, with its contents, for whoever gave it. */
function clearFolder(root: string, given: string | undefined): void {
  if (given === undefined) rmSync(root, { recursive: true, force: true });
}
