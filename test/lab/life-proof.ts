import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../../shared/parse-json.ts';
import type { LogLine } from '../../shared/support/server-logs.ts';
import { readArchive } from '../unit/support/read-archive.ts';
import { memberHosts, type HostName, type LabLayout } from './hosts/layout.ts';
import { onHost } from './hosts/ssh.ts';
import { judged, onSiteAtWork, type SiteAtWork, type Tell } from './site-at-work.ts';
import { profileFolder, runSite, siteArguments } from './site/install.ts';
import { labClusters, labSite } from './site/lab-site.ts';

/**
 * A site at work gets a support bundle, its logs read and followed, a repair of what was spoiled on its servers, and new certificates. Judged from
 * outside: no secret of the lab in the bundle, the same engine processes, no message lost or out of order.
 * Throws with what went wrong.
 */
export function proveLife(lab: LabLayout, tell: Tell): Promise<void> {
  return onSiteAtWork(lab, tell, async (site) => {
    await proveBundle(site);
    await proveLogs(site);
    const followed = await followLogs(lab);
    await judged(site, 'a repair', () => proveRepair(lab, tell));
    tell(`logs followed during the repair: ${await followed.end()} lines`);
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

type ToldLine = LogLine & { readonly server: string };

const toldLines = (output: string) =>
  output
    .split('\n')
    .flatMap((line) => parseJson(line) ?? [])
    .filter((value) => typeof value === 'object' && 'unit' in value) as ToldLine[];

/** Every unit of every server has written something, by time, and nothing of a secret. */
async function proveLogs({ lab, tell }: SiteAtWork): Promise<void> {
  const done = await runSite(lab, 'logs', labSite(lab), undefined, [
    '--json',
    '--since',
    '1h',
    '--lines',
    '5000',
  ]);
  if (done.code !== 0) throw new Error(`${done.stdout}${done.stderr}`);
  for (const secret of await secretsOf(lab)) {
    if (done.stdout.includes(secret)) throw new Error('a secret of the lab is in the logs');
  }
  const lines = toldLines(done.stdout);
  const heard = new Set(lines.map(({ server, unit }) => `${server} ${unit}`));
  const parts = ['agent', 'guard-1', 'guard-2'];
  const wanted = [
    'wit ixha-witness.service',
    ...memberHosts.flatMap((host) =>
      labClusters.flatMap(({ id }) => parts.map((part) => `${host} ixha-${part}@${id}.service`)),
    ),
  ];
  const silent = wanted.filter((unit) => !heard.has(unit));
  if (silent.length > 0) throw new Error(`nothing is told of ${silent.join(', ')}`);
  const times = lines.map(({ at }) => at);
  if (times.toSorted().join() !== times.join()) throw new Error('the lines do not stand by time');
  tell(`logs: ${lines.length} lines of ${heard.size} units`);
}

/** `site logs --follow` beside a work; its end answers how many lines came after the first look. */
async function followLogs(lab: LabLayout): Promise<{ end(): Promise<number> }> {
  const { program, args, cwd } = await siteArguments(lab, 'logs', labSite(lab));
  const child = spawn(program, [...args, '--follow', '--json', '--since', '1s'], { cwd });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close');
  const begun = new Date(Date.now() + 1_000).toISOString();
  return {
    end: async () => {
      child.kill('SIGINT');
      const [code] = (await ended) as [number | null];
      const fresh = toldLines(said).filter(({ at }) => at > begun);
      if (code !== 0 || fresh.length === 0)
        throw new Error(`followed, ended with ${code}: ${said.slice(-500)}`);
      return fresh.length;
    },
  };
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
