import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArchive } from '../unit/support/read-archive.ts';
import { memberHosts, type HostName, type LabLayout } from './hosts/layout.ts';
import { onHost } from './hosts/ssh.ts';
import { judged, onSiteAtWork, type SiteAtWork, type Tell } from './site-at-work.ts';
import { profileFolder, runSite } from './site/install.ts';
import { labClusters, labSite } from './site/lab-site.ts';

/**
 * A site at work gets a support bundle, a repair of what was spoiled on its servers, and new certificates. Judged from
 * outside: no secret of the lab in the bundle, the same engine processes, no message lost or out of order.
 * Throws with what went wrong.
 */
export function proveLife(lab: LabLayout, tell: Tell): Promise<void> {
  return onSiteAtWork(lab, tell, async (site) => {
    await proveBundle(site);
    await judged(site, 'a repair', () => proveRepair(lab, tell));
    await judged(site, 'new certificates', () => proveRenewal(lab, tell));
  });
}

async function proveBundle({ lab, folder, tell }: SiteAtWork): Promise<void> {
  const out = join(folder, 'life.tar.gz');
  const done = await runSite(lab, 'bundle', labSite(lab), undefined, ['--out', out]);
  if (done.code !== 0) throw new Error(`${done.stdout}${done.stderr}`);
  const { manifest, texts } = readArchive(out);
  const all = [...texts.values()].join('\n');
  for (const secret of await secretsOf(lab)) {
    if (all.includes(secret)) throw new Error('a secret of the lab is in the bundle');
  }
  if (/MSH\||PID\||BEGIN [A-Z ]*PRIVATE/.test(all)) throw new Error('a message or a key is in the bundle');
  for (const { id } of labClusters) {
    for (const host of memberHosts) {
      const chain = JSON.parse(texts.get(`${host}/${id}/journal-chain.json`) ?? '{}') as { whole?: boolean };
      if (chain.whole !== true) throw new Error(`the journal of ${id} on ${host} is not whole in the bundle`);
    }
  }
  tell(`a support bundle: ${manifest.files.length} files, ${manifest.missing.length} missing`);
  for (const { from, what, why } of manifest.missing) tell(`  missing from ${from}: ${what}. ${why}`);
}

/** The engines' password, and each line of every private key. */
async function secretsOf(lab: LabLayout): Promise<string[]> {
  const password = readFileSync(join(lab.hosts, 'engine-password'), 'utf8').trim();
  const keys = await Promise.all(
    memberHosts.map((host) => onHost(lab, host, 'cat /etc/ixha/*/certificates/key.pem')),
  );
  const own = ['authority-key.pem', 'console/key.pem'].map((path) =>
    readFileSync(join(profileFolder(lab), path), 'utf8'),
  );
  const lines = [...keys, ...own].flatMap((pem) =>
    pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('---')),
  );
  return [password, ...lines];
}

/** What is spoiled on which host, one of each kind. */
const spoiled: readonly (readonly [HostName, string])[] = [
  ['wk-a', 'systemctl disable --now ixha-guard-1@WK1.service'],
  ['wk-a', 'echo "{}" > /etc/ixha/WK2/member.json'],
  ['wk-b', 'chmod 0777 /usr/bin/ixha'],
  ['wk-b', 'rm /etc/ixha/WK1/certificates/certificate.pem'],
  ['wk-b', 'rm /etc/systemd/system/*.service.d/50-ixha-gate.conf; systemctl daemon-reload'],
];

async function proveRepair(lab: LabLayout, tell: Tell): Promise<void> {
  for (const [host, command] of spoiled) await onHost(lab, host, command);
  const repair = async () => {
    const done = await runSite(lab, 'repair', labSite(lab));
    if (done.code !== 0) throw new Error(`${done.stdout}${done.stderr}`);
    return done.stdout.split('\n').filter((line) => /^(wk-a|wk-b|wit|lb): /.test(line));
  };
  const first = await repair();
  for (const line of first) tell(`  ${line}`);
  const again = await repair();
  if (again.some((line) => !line.endsWith(': whole'))) throw new Error(`not whole: ${again.join('; ')}`);
}

async function proveRenewal(lab: LabLayout, tell: Tell): Promise<void> {
  const done = await runSite(lab, 'renew', labSite(lab));
  if (done.code !== 0) throw new Error(`${done.stdout}${done.stderr}`);
  const lines = done.stdout.split('\n').filter((line) => line.includes('days left now'));
  for (const line of lines) tell(`  ${line}`);
  const parts = 2 + labClusters.length * memberHosts.length;
  if (lines.length !== parts) throw new Error(`${lines.length} certificates renewed, not ${parts}`);
  const left = readdirSync(profileFolder(lab)).filter((name) => name.endsWith('.new'));
  if (left.length > 0) throw new Error(`left in the profile folder: ${left.join(', ')}`);
}
