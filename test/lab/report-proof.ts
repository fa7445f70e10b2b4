import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostName, LabLayout } from './hosts/layout.ts';
import { onMovingSite, type SiteAtWork, type Tell } from './site-at-work.ts';
import { ixha, switchOver } from './site/console-command.ts';
import { runSite, type SiteVerb } from './site/install.ts';
import { labClusters, labSite } from './site/lab-site.ts';

const formats = ['html', 'pdf', 'csv', 'json'] as const;

/**
 * A site at work is checked over SSH and from outside, moved to the other server and back, and what can be printed of
 * that is written to a folder: the verification of a move and the readiness of the site in every format. Throws with
 * what went wrong.
 */
export function proveReports(lab: LabLayout, out: string, tell: Tell): Promise<void> {
  return onMovingSite(lab, tell, async (site) => {
    await said(site, 'preflight');
    await said(site, 'verify');
    await moveAndVerify(site, out);
    await writeReadiness(site, out);
  });
}

async function said({ lab, tell }: SiteAtWork, verb: SiteVerb): Promise<void> {
  const done = await runSite(lab, verb, labSite(lab));
  if (done.code > 1) throw new Error(`${done.stdout}${done.stderr}`);
  tell(`${verb}: ${done.stdout.trim().split('\n').at(-1) ?? ''}`);
}

/** There and back, so that both servers have been the old one. */
async function moveAndVerify({ lab, tell }: SiteAtWork, out: string): Promise<void> {
  const cluster = labClusters[0];
  const there: readonly HostName[] = ['wk-b', 'wk-a'];
  for (const to of there) await switchOver(lab, cluster, to);
  const { code, stdout, stderr } = await ixha(lab, ['verify', cluster.id]);
  if (code !== 0) throw new Error(`the verification of ${cluster.id} ended with ${code}: ${stdout}${stderr}`);
  writeFileSync(join(out, 'verification.txt'), stdout);
  tell(`verification of ${cluster.id}: ${stdout.split('\n')[0] ?? ''}`);
}

async function writeReadiness({ lab, folder, tell }: SiteAtWork, out: string): Promise<void> {
  const more = ['--format', formats.join(','), '--out', folder];
  const done = await runSite(lab, 'readiness', labSite(lab), undefined, more);
  if (done.code > 1) throw new Error(`${done.stdout}${done.stderr}`);
  const written = readdirSync(folder);
  for (const format of formats) {
    const name = written.find((one) => one.endsWith(`.${format}`));
    if (name === undefined) throw new Error(`no report as ${format}: ${done.stdout}`);
    writeFileSync(join(out, `readiness.${format}`), readFileSync(join(folder, name)));
  }
  for (const line of done.stdout.split('\n').slice(0, 6)) tell(line);
}
