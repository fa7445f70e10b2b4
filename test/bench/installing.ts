import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { runSite, type SiteVerb } from '../lab/site/install.ts';
import { asItIs, programAs } from '../lab/site/other-version.ts';
import { onNewHosts, readySite, type LabTell } from './lab-site.ts';
import type { LabLayout } from '../lab/hosts/layout.ts';
import type { Measured } from './measured.ts';

const older = '0.0.9';

/** What is done to a new site in this order, each as a whole command from its start to its end. */
const works = [
  {
    title: '`site preflight` of all servers, before anything is installed',
    verb: 'preflight',
    version: older,
  },
  { title: '`site install` on bare servers', verb: 'install', version: older },
  { title: '`site install` again, which changes nothing', verb: 'install', version: older },
  { title: '`site upgrade` of two agents, their guards and the lease store', verb: 'upgrade', version: null },
] as const satisfies readonly { title: string; verb: SiteVerb; version: string | null }[];

/** One cluster on two servers, a witness and HAProxy on bare hosts: from the preflight to an upgrade, `runs` times. */
export async function measureInstalling(runs: number, tell: LabTell): Promise<readonly Measured[]> {
  const times = works.map((): number[] => []);
  for (let run = 0; run < runs; run += 1) {
    await onNewHosts(tell, async (lab, site) => {
      for (const [index, tookMs] of (await throughAll(lab, site, tell)).entries()) times[index]!.push(tookMs);
    });
  }
  return works.map(({ title }, index) => ({ title, times: times[index]! }));
}

async function throughAll(lab: LabLayout, site: SiteDocument, tell: LabTell): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-bench-installing-'));
  try {
    const root = programAs(folder, older, asItIs);
    const times: number[] = [];
    for (const { title, verb, version } of works) {
      const beganAt = performance.now();
      const done = await runSite(lab, verb, site, version === null ? undefined : root);
      times.push(performance.now() - beganAt);
      // The preflight of hosts that are all new has warnings, which it ends with.
      if (done.code !== 0 && verb !== 'preflight') throw new Error(`${done.stdout}${done.stderr}`);
      tell(`${title}: ${(times.at(-1)! / 1000).toFixed(1)} s`);
      if (verb === 'install') await readySite(lab);
    }
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
