import { memberHosts, type LabLayout } from './hosts/layout.ts';
import { judged, onSiteAtWork, type SiteAtWork, type Tell } from './site-at-work.ts';
import { runSite } from './site/install.ts';
import { labSite } from './site/lab-site.ts';
import { asItIs, expectVersion, presentVersion, programAs } from './site/other-version.ts';

const older = '0.0.9';
const broken = '99.0.0';

/**
 * A site at work is upgraded from an older version to the present one, then to a version whose agent ends at once.
 * Judged from outside: the same engine processes, no message lost or out of order, and how long a cluster could not
 * have lost its Active. Throws with what went wrong.
 */
export function proveUpgrade(lab: LabLayout, tell: Tell): Promise<void> {
  return onSiteAtWork(lab, tell, upgradeTwice, { program: (folder) => programAs(folder, older, asItIs) });
}

async function upgradeTwice(site: SiteAtWork): Promise<void> {
  const { lab, folder, tell } = site;
  await expectVersion(lab, older);
  await judged(site, `${older} to the present one`, async () => {
    const done = await runSite(lab, 'upgrade', labSite(lab));
    if (done.code !== 0) throw new Error(`${done.stdout}${done.stderr}`);
    for (const line of done.stdout.split('\n').filter((text) => text.includes('upgraded from'))) tell(line);
  });
  const present = presentVersion();
  await expectVersion(lab, present);
  const endsAtOnce = (text: string) => `if (process.argv[2] === 'member') process.exit(1);\n${text}`;
  const root = programAs(folder, broken, endsAtOnce);
  await judged(site, 'an agent that ends at once', async () => {
    const done = await runSite(lab, 'upgrade', labSite(lab), root);
    const said = `${done.stdout}${done.stderr}`;
    if (done.code !== 1 || !said.includes('upgrade.rolled-back')) throw new Error(said);
    for (const line of said.split('\n').filter((text) => /brought back|ended \d+ times/.test(text)))
      tell(line.trim());
  });
  await expectVersion(lab, present, memberHosts);
}
