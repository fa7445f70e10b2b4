import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../hosts/command.ts';
import { groupOf, hostProcesses } from '../hosts/control-group.ts';
import { hostNames, insideHost, memberHosts, type HostName, type LabLayout } from '../hosts/layout.ts';
import { etcdUser } from '../site/lab-etcd.ts';
import { engineApi, labClusters, mountedDirectory } from '../site/lab-site.ts';
import { isActiveOn } from './settled.ts';
import { failedUnits, strayEngines } from './observe.ts';
import type { Check } from './verdict.ts';

/** What a host looks like from outside when nothing is the matter. */
interface HostSight {
  readonly mounts: readonly string[];
  readonly certificates: readonly string[];
  readonly programs: ReadonlyMap<string, ProgramSight>;
  readonly locks: number;
}

/** The processes of one unit. */
interface ProgramSight {
  /** Without the shell that an agent keeps beside itself. */
  readonly processes: number;
  readonly shells: number;
  readonly descriptors: number;
  /** Anonymous memory in kB. */
  readonly memory: number;
}

export type Baseline = ReadonlyMap<HostName, HostSight>;

/** A new process may hold a few descriptors and some memory more than one that has just begun. */
const moreDescriptors = 15;
const moreMemory = 25_000;
const settleMs = 8_000;
/** Units that come and go with logins and with the service manager itself. */
const passingUnits = /^(user@|session-|user-|ssh|systemd-|dbus|init\.scope|-\.slice|run-|modprobe|emergency)/;
/** Our own programs: exactly one process each, whatever happened. */
const ownUnits = /^ixha-/;

export function lookAtHosts(lab: LabLayout): Baseline {
  return new Map(hostNames.map((host) => [host, lookAt(lab, host)]));
}

/**
 * After a scenario: nothing may be left of it. What is still going away is waited for; what then differs from the
 * beginning of the run is told.
 */
export async function auditHosts(lab: LabLayout, baseline: Baseline): Promise<Check> {
  let found: string[] = [];
  const clean = async () => {
    found = await leftOf(lab, baseline);
    return found.length === 0;
  };
  await until('clean', clean, { deadlineMs: settleMs, everyMs: 400 }).catch(() => undefined);
  return {
    what: 'no process, unit, mount, lock, certificate or deadline left; memory and descriptors as before',
    ok: found.length === 0,
    seen: found.join('; ') || 'as before',
  };
}

async function leftOf(lab: LabLayout, baseline: Baseline): Promise<string[]> {
  const differences = hostNames.flatMap((host) => {
    const before = baseline.get(host);
    return before === undefined ? [] : differencesOf(host, before, lookAt(lab, host));
  });
  const others = await Promise.all([failedUnits(lab, hostNames), strayDeadlines(lab)]);
  return [...differences, ...strayEngines(lab), ...others.flat()];
}

/** What is there now and was not, one phrase each. Pure. */
function differencesOf(host: HostName, before: HostSight, now: HostSight): string[] {
  const added = (what: string, was: readonly string[], is: readonly string[]) =>
    is.filter((one) => !was.includes(one)).map((one) => `${host}: ${what} ${one}`);
  return [
    ...added('mount', before.mounts, now.mounts),
    ...added('certificate file', before.certificates, now.certificates),
    ...[...now.programs].flatMap(([unit, program]) =>
      programTrouble(host, unit, before.programs.get(unit), program),
    ),
    ...[...before.programs.keys()]
      .filter((unit) => ownUnits.test(unit) && !now.programs.has(unit))
      .map((unit) => `${host}: ${unit} does not run`),
    ...(now.locks > before.locks + 2 ? [`${host}: ${now.locks} file locks, ${before.locks} before`] : []),
  ];
}

function programTrouble(
  host: HostName,
  unit: string,
  before: ProgramSight | undefined,
  now: ProgramSight,
): string[] {
  const isEngine = labClusters.some((cluster) => cluster.unit === unit);
  if (isEngine) return now.processes > 1 ? [`${host}: ${now.processes} processes in ${unit}`] : [];
  if (before === undefined) return passingUnits.test(unit) ? [] : [`${host}: processes in ${unit}`];
  if (!ownUnits.test(unit)) return [];
  return [
    ...(now.processes === 1 ? [] : [`${host}: ${now.processes} processes in ${unit}`]),
    ...(now.shells <= 1 ? [] : [`${host}: ${now.shells} shells that stay in ${unit}`]),
    ...(now.descriptors > before.descriptors + moreDescriptors
      ? [`${host}: ${unit} holds ${now.descriptors} descriptors, ${before.descriptors} before`]
      : []),
    ...(now.memory > before.memory + moreMemory
      ? [`${host}: ${unit} uses ${now.memory} kB of memory, ${before.memory} before`]
      : []),
  ];
}

/** A Passive has no deadline file: with one its gate would be open. */
async function strayDeadlines(lab: LabLayout): Promise<string[]> {
  const found = labClusters.flatMap((cluster) =>
    memberHosts.map(async (host) => {
      const file = runFile(lab, host, `ixha/${cluster.id}/deadline`);
      if (file === undefined || !existsSync(file) || (await isActiveOn(lab, cluster, host))) return [];
      return [`${host}: a deadline of ${cluster.id} without its engine`];
    }),
  );
  return (await Promise.all(found)).flat();
}

/** A file below the host's own `/run`, as seen through one of its processes. */
export function runFile(lab: LabLayout, host: HostName, path: string): string | undefined {
  const pid = firstProcess(lab, host);
  return pid === undefined ? undefined : `/proc/${pid}/root/run/${path}`;
}

function firstProcess(lab: LabLayout, host: HostName): number | undefined {
  return hostProcesses(lab, host).find((pid) => tryRead(`/proc/${pid}/comm`).trim() === 'systemd');
}

function lookAt(lab: LabLayout, host: HostName): HostSight {
  const programs = new Map<string, ProgramSight>();
  const pids = hostProcesses(lab, host);
  for (const pid of pids) {
    const unit = unitOf(lab, host, pid);
    if (unit === undefined) continue;
    const known = programs.get(unit) ?? { processes: 0, shells: 0, descriptors: 0, memory: 0 };
    const isShell = tryRead(`/proc/${pid}/cmdline`).includes('/standby.sh');
    programs.set(unit, {
      processes: known.processes + (isShell ? 0 : 1),
      shells: known.shells + (isShell ? 1 : 0),
      descriptors: known.descriptors + countFiles(`/proc/${pid}/fd`),
      memory: known.memory + Number(/^RssAnon:\s+(\d+)/m.exec(tryRead(`/proc/${pid}/status`))?.[1] ?? 0),
    });
  }
  const first = firstProcess(lab, host);
  const mounts = tryRead(`/proc/${first ?? 0}/mounts`).split('\n');
  return {
    programs,
    mounts: mounts
      .flatMap((line) => line.split(' ')[1] ?? [])
      .filter((path) => !/^\/run\/(user|credentials|systemd)/.test(path))
      // They follow the Active: where they are is looked at by the scenarios that have them.
      .filter((path) => !labClusters.some((cluster) => path === mountedDirectory(cluster))),
    certificates: certificateFiles(insideHost(lab, host, '/etc/ixha')),
    locks: locksOf(pids),
  };
}

/** The unit that a process belongs to, by its group below the host's. */
function unitOf(lab: LabLayout, host: HostName, pid: number): string | undefined {
  const own = groupOf(lab, host).split('/').slice(-2).join('/');
  const path = /^0::(.*)$/m.exec(tryRead(`/proc/${pid}/cgroup`))?.[1] ?? '';
  const below = path.split(`${own}/`)[1];
  return below?.split('/').findLast((part) => /\.(service|scope)$/.test(part));
}

function certificateFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.pem'))
    .map((name) => join('/etc/ixha', name));
}

function locksOf(pids: readonly number[]): number {
  const own = new Set(pids.map(String));
  return tryRead('/proc/locks')
    .split('\n')
    .filter((line) => own.has(line.trim().split(/\s+/)[4] ?? '')).length;
}

/** What nobody may read in a log. */
export const secrets: readonly string[] = [engineApi.password, etcdUser.password, 'PRIVATE KEY'];

function countFiles(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}

function tryRead(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
