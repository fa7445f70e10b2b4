import { readFileSync } from 'node:fs';
import type { TimingPolicy, TimingPresetName } from '../../shared/lease/timing.ts';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { pause, until } from '../lab/hosts/command.ts';
import { unitProcesses } from '../lab/hosts/control-group.ts';
import { labUp, labWipe } from '../lab/hosts/lab.ts';
import { labLayout, memberHosts, type HostName, type LabLayout } from '../lab/hosts/layout.ts';
import { holdLock } from '../lab/hosts/lock.ts';
import { missing } from '../lab/hosts/prerequisites.ts';
import { ixhaExitCode } from '../lab/site/console-command.ts';
import { labSite } from '../lab/site/lab-site.ts';
import { installPatiently } from '../lab/site/new-site.ts';
import { benchCluster } from './peers/payload.ts';
import { installEngines } from '../lab/site/provision.ts';

/** The product with one cluster on new hosts of the lab, without any traffic. */
export interface QuietSite {
  readonly lab: LabLayout;
  readonly active: HostName;
  /** The product's programs: where each runs and its process. */
  programs(): { readonly program: string; readonly host: HostName; readonly pid: number }[];
}

/** Takes what is told about the hosts, a line each. */
export type LabTell = (line: string) => void;

/** Makes the site, lets it settle, hands it over, and takes it down whatever happens. */
export function onQuietSite<Value>(
  timing: TimingPresetName | TimingPolicy,
  tell: LabTell,
  work: (site: QuietSite) => Promise<Value>,
): Promise<Value> {
  return onNewHosts(tell, async (lab, site) => {
    const clusters = site.clusters.map((cluster) => ({ ...cluster, timing }));
    await installPatiently(lab, tell, { ...site, clusters });
    await readySite(lab);
    const active = memberHosts.find((host) => unitProcesses(lab, host, benchCluster.unit).length > 0);
    if (active === undefined) throw new Error('no engine runs');
    await pause(10_000); // The start of everything is not what is measured.
    return work({ lab, active, programs: () => programs(lab, active) });
  });
}

/** New hosts with engines only, and the site document of one cluster on them. They are taken down whatever happens. */
export async function onNewHosts<Value>(
  tell: LabTell,
  work: (lab: LabLayout, site: SiteDocument) => Promise<Value>,
): Promise<Value> {
  const lacking = await missing();
  if (lacking.length > 0) throw new Error(`the lab needs: ${lacking.join('; ')}`);
  const lab = labLayout();
  const release = await holdLock(`${lab.cache}/lab${lab.id}.lock`);
  try {
    tell('new hosts');
    await labWipe(lab);
    await labUp(lab, ['wk-a', 'wk-b', 'wit', 'lb'], tell);
    await installEngines(lab, [benchCluster]);
    const site = labSite(lab);
    const clusters = site.clusters.filter(({ id }) => id === benchCluster.id);
    return await work(lab, { ...site, clusters });
  } finally {
    await labWipe(lab);
    release();
  }
}

/** Waits until the cluster has one Active and a Passive that could take over. */
export async function readySite(lab: LabLayout): Promise<void> {
  const ready = async () => (await ixhaExitCode(lab, ['status'])) === 0;
  await until('the site is ready', ready, { deadlineMs: 90_000, everyMs: 500 });
}

function programs(lab: LabLayout, active: HostName): ReturnType<QuietSite['programs']> {
  const at = (program: string, host: HostName, unit: string) =>
    firstOf(unitProcesses(lab, host, unit)).map((pid) => ({ program, host, pid }));
  const { id } = benchCluster;
  return [
    ...memberHosts.flatMap((host) => [
      ...at(`agent, ${host === active ? 'Active' : 'Passive'}`, host, `ixha-agent@${id}.service`),
      ...at('guard 1', host, `ixha-guard-1@${id}.service`),
      ...at('guard 2', host, `ixha-guard-2@${id}.service`),
    ]),
    ...at('witness', 'wit', 'ixha-witness.service'),
  ];
}

/** The one that has started the others; their use counts with it. */
function firstOf(pids: readonly number[]): number[] {
  return pids.filter((pid) => !pids.includes(parentOf(pid))).slice(0, 1);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
