import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { memberPorts } from '../../../shared/site/site-rules.ts';
import { hostProcesses, isPopulated, unitProcesses } from '../hosts/control-group.ts';
import { address, insideHost, memberHosts, stateOf, type HostName, type LabLayout } from '../hosts/layout.ts';
import { tryOnHost } from '../hosts/ssh.ts';
import { enginePaths } from '../site/engine-service.ts';
import { labClusters, labSite, type LabCluster } from '../site/lab-site.ts';
import { readRecord, type EngineRun } from './records.ts';

/** Boot milliseconds, as every program of the lab reads them: all hosts share one kernel. */
export function bootMs(): number {
  return Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000);
}

/** Hosts on which the cluster's engine has a process now, seen from outside. */
export function engineHosts(lab: LabLayout, cluster: LabCluster): HostName[] {
  return memberHosts.filter((host) => unitProcesses(lab, host, cluster.unit).length > 0);
}

/** What a member answers to the balancer; undefined when it does not. */
export async function activeAnswer(
  lab: LabLayout,
  cluster: LabCluster,
  host: HostName,
): Promise<number | undefined> {
  const described = labSite(lab).clusters.find((one) => one.id === cluster.id)!;
  const member = described.members.find((one) => one.server === host)!;
  try {
    const url = `http://${address(lab, host)}:${memberPorts(described, member).active}/active`;
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).status;
  } catch {
    return undefined;
  }
}

/** The engine's own record on one host, read without asking the host. */
export function engineRuns(lab: LabLayout, cluster: LabCluster, host: HostName): EngineRun[] {
  const file = insideHost(lab, host, enginePaths(cluster).record);
  return existsSync(file) ? readRecord(readFileSync(file, 'utf8')) : [];
}

/** A member's journal since an instant, read without asking the host. */
export function journalSince(
  lab: LabLayout,
  cluster: LabCluster,
  host: HostName,
  fromBootMs: number,
): JournalRecord[] {
  const folder = join(stateOf(lab, host), cluster.id, 'journal');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .flatMap((line) => {
      const record = line === '' ? undefined : JournalRecord.safeParse(JSON.parse(line));
      return record?.success && record.data.bootMs >= fromBootMs ? [record.data] : [];
    });
}

/** Engine processes that run outside their service: nothing could stop them. */
export function strayEngines(lab: LabLayout): string[] {
  return memberHosts.flatMap((host) => {
    const owned = new Set(labClusters.flatMap((cluster) => unitProcesses(lab, host, cluster.unit)));
    return hostProcesses(lab, host)
      .filter((pid) => !owned.has(pid) && commandOf(pid).includes('standin-engine'))
      .map((pid) => `${host}: process ${pid} runs an engine outside its service`);
  });
}

/** Units that failed, except engines: the service of one that was killed is rightly called failed. */
export async function failedUnits(lab: LabLayout, hosts: readonly HostName[]): Promise<string[]> {
  const engines = labClusters.map((cluster) => cluster.unit);
  const lists = await Promise.all(
    hosts
      .filter((host) => isPopulated(lab, host))
      .map(async (host) => {
        const { stdout } = await tryOnHost(lab, host, 'systemctl list-units --failed --plain --no-legend');
        const units = stdout.split('\n').flatMap((line) => line.split(' ')[0] || []);
        return units.filter((unit) => !engines.includes(unit)).map((unit) => `${host}: ${unit} failed`);
      }),
  );
  return lists.flat();
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
