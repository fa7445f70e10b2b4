import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAskAgent, type AskAgent } from '../../electron/host/agent-links/agent-requests.ts';
import { askMembers } from '../../electron/host/upgrade/ask-site.ts';
import { unprotectedWhy } from '../../shared/upgrade/member-health.ts';
import { pause, until } from './hosts/command.ts';
import { unitProcesses } from './hosts/control-group.ts';
import { labDown, labUp, labWipe } from './hosts/lab.ts';
import { hostNames, memberHosts, type LabLayout } from './hosts/layout.ts';
import { holdLock } from './hosts/lock.ts';
import { bootMs } from './judge/observe.ts';
import { isSettled } from './judge/settled.ts';
import { Traffic } from './judge/traffic.ts';
import { profileFolder } from './site/install.ts';
import { labClusters, labSite } from './site/lab-site.ts';
import { installPatiently } from './site/new-site.ts';
import { installEngines } from './site/provision.ts';

export type Tell = (line: string) => void;

/** What a proof works on: the lab's site under traffic, and a folder that is removed afterwards. */
export interface SiteAtWork {
  readonly lab: LabLayout;
  readonly traffic: Traffic;
  readonly folder: string;
  readonly tell: Tell;
}

/** How a site comes to be at work. */
export interface Beginning {
  /** The program that installs it, made in the proof's folder; this one when absent. */
  readonly program?: (folder: string) => string;
  /** What is shown before that, with the same program, on hosts that have engines and nothing of the product. */
  readonly onBareHosts?: (program: string | undefined) => Promise<void>;
}

/** The same as `onMovingSite`, whose engines must be the same processes afterwards. Throws with what went wrong. */
export function onSiteAtWork(
  lab: LabLayout,
  tell: Tell,
  prove: (site: SiteAtWork) => Promise<void>,
  beginning?: Beginning,
): Promise<void> {
  return onMovingSite(lab, tell, (site) => unmoved(site, () => prove(site)), beginning);
}

/** A work after which the engines are the same processes as before. Throws when they are not. */
export async function unmoved({ lab, tell }: SiteAtWork, work: () => Promise<void>): Promise<void> {
  const before = engineProcesses(lab);
  await work();
  const after = engineProcesses(lab);
  if (after !== before) throw new Error(`engines were ${before} and are ${after}`);
  tell(`engines: the same processes as before (${after})`);
}

/**
 * Installs the site on new hosts, lets traffic flow and carries a proof out on it. Everything is taken down again.
 * Throws with what went wrong.
 */
export async function onMovingSite(
  lab: LabLayout,
  tell: Tell,
  prove: (site: SiteAtWork) => Promise<void>,
  beginning: Beginning = {},
): Promise<void> {
  const release = await holdLock(`${lab.cache}/lab${lab.id}.lock`);
  const folder = mkdtempSync(join(tmpdir(), 'ixha-proof-'));
  let traffic: Traffic | undefined;
  try {
    await labWipe(lab);
    await labUp(lab, hostNames, tell);
    await installEngines(lab);
    const program = beginning.program?.(folder);
    await beginning.onBareHosts?.(program);
    await installPatiently(lab, tell, labSite(lab), program);
    traffic = await Traffic.start(lab);
    await settle(lab, traffic);
    await prove({ lab, traffic, folder, tell });
  } finally {
    await traffic?.stop().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
    await labDown(lab);
    release();
  }
}

/** Engine processes by cluster and host, with the one Active of each. */
function engineProcesses(lab: LabLayout): string {
  return labClusters
    .flatMap(({ id, unit }) =>
      memberHosts.map((host) => `${id} ${host}: ${unitProcesses(lab, host, unit).join(' ') || 'none'}`),
    )
    .join(', ');
}

/** Waits until traffic goes on as it should, one Active in each cluster. */
async function settle(lab: LabLayout, traffic: Traffic): Promise<void> {
  const from = bootMs();
  const settled = async () => {
    await traffic.hurry();
    return isSettled(lab, traffic, from);
  };
  await until('settled', settled, { deadlineMs: 90_000, everyMs: 300 });
}

/** Carries something out under traffic, and tells how long it took and what it cost. */
export async function judged(
  { lab, traffic, tell }: SiteAtWork,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  await traffic.resetGaps();
  const watch = new ProtectionWatch(lab);
  const begun = performance.now();
  try {
    await work();
  } finally {
    await watch.end();
  }
  tell(`${what}: ${seconds(performance.now() - begun)}`);
  for (const line of watch.lines()) tell(`  ${line}`);
  await settle(lab, traffic);
  for (const { cluster, longestGapMs, lost, outOfOrder } of await traffic.counters()) {
    tell(`  ${cluster}: longest time without an acknowledgement ${seconds(longestGapMs)}`);
    if (lost + outOfOrder > 0) throw new Error(`${cluster}: ${lost} lost, ${outOfOrder} out of order`);
  }
}

/** Asks all members again and again whether their cluster could lose its Active, as an upgrade itself does. */
class ProtectionWatch {
  readonly #lab: LabLayout;
  readonly #ask: AskAgent;
  readonly #unprotectedMs = new Map<string, number>();
  readonly #longestMs = new Map<string, number>();
  readonly #whys = new Map<string, Set<string>>();
  readonly #watched: Promise<unknown>;
  #over = false;

  constructor(lab: LabLayout) {
    this.#lab = lab;
    const pem = (name: string) => readFileSync(join(profileFolder(lab), 'console', `${name}.pem`), 'utf8');
    this.#ask = createAskAgent({
      authority: pem('authority'),
      certificate: pem('certificate'),
      key: pem('key'),
    });
    this.#watched = Promise.all(labClusters.map(({ id }) => this.#watch(id)));
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.#watched;
  }

  lines(): string[] {
    return labClusters.map(({ id }) => {
      const sum = seconds(this.#unprotectedMs.get(id) ?? 0);
      const longest = seconds(this.#longestMs.get(id) ?? 0);
      const whys = [...(this.#whys.get(id) ?? [])].join('; ');
      return `${id}: not protected for ${sum} in all, ${longest} at a time (${whys})`;
    });
  }

  async #watch(cluster: string): Promise<void> {
    const site = labSite(this.#lab);
    let since: number | null = null;
    let last = performance.now();
    while (!this.#over) {
      const why = unprotectedWhy(await askMembers(this.#ask, site, cluster));
      const now = performance.now();
      if (why === null) since = null;
      else {
        since ??= last;
        this.#unprotectedMs.set(cluster, (this.#unprotectedMs.get(cluster) ?? 0) + now - last);
        this.#longestMs.set(cluster, Math.max(this.#longestMs.get(cluster) ?? 0, now - since));
        this.#whys.set(cluster, (this.#whys.get(cluster) ?? new Set()).add(why.replace(/\d+(\.\d+)?/g, 'n')));
      }
      last = now;
      await pause(100);
    }
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
