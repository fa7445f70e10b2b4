import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { run, type CommandResult } from './hosts/command.ts';
import { memberHosts, type HostName, type LabLayout } from './hosts/layout.ts';
import { projectFolder } from './hosts/prerequisites.ts';
import { onHost } from './hosts/ssh.ts';
import { judged, onSiteAtWork, type SiteAtWork, type Tell } from './site-at-work.ts';
import { profileFolder, siteArguments } from './site/install.ts';
import { labSite } from './site/lab-site.ts';
import { expectDone, expectRefused, lineWith } from './site/said.ts';

const [lockedHost] = memberHosts as readonly [HostName];
const lockFile = '/run/ixha-installation.lock';

/** One administrator's workstation: a site file and a profile folder of its own. */
interface Workstation {
  readonly name: string;
  readonly file: string;
  readonly profile: string;
}

/**
 * Two administrators, each with a site file and a profile folder, work on one site: nobody installs over what the other
 * has installed, nobody works while the other does, and a lock that was left behind is not in the way. Judged from
 * outside like every proof of a site at work. Throws with what went wrong.
 */
export function proveAdministrators(lab: LabLayout, tell: Tell): Promise<void> {
  return onSiteAtWork(lab, tell, async (site) => {
    const [ana, ben] = await twoWorkstations(site);
    await judged(site, 'two administrators', async () => {
      await proveOneTruth(ana, ben, tell);
      await proveOneWork(ana, ben, tell);
      await proveLeftLock(lab, ana, ben, tell);
    });
  });
}

/** Both have restored the site from the same kit: the same authority and site file to begin with. */
async function twoWorkstations({ lab, folder }: SiteAtWork): Promise<[Workstation, Workstation]> {
  const { args } = await siteArguments(lab, 'install', labSite(lab));
  const text = readFileSync(args[2]!, 'utf8');
  const workstation = (name: string): Workstation => {
    mkdirSync(join(folder, name));
    const [file, profile] = [join(folder, name, 'site.json'), join(folder, name, 'profile')];
    writeFileSync(file, text);
    cpSync(profileFolder(lab), profile, { recursive: true });
    return { name, file, profile };
  };
  return [workstation('ana'), workstation('ben')];
}

async function proveOneTruth(ana: Workstation, ben: Workstation, tell: Tell): Promise<void> {
  edit(ana, (site) => ({ ...site, name: 'Renamed by Ana' }));
  expectDone(await site(ana, 'install'));
  edit(ben, (site) => ({ ...site, name: 'Renamed by Ben' }));
  const refused = await site(ben, 'install');
  expectRefused(
    refused,
    'site.newer',
    /number 2, made .+ by .+ on /,
    /name: "Renamed by Ben" → "Renamed by Ana"/,
  );
  tell(`refused: ${lineWith(refused, 'carry another')}`);
  tell(`  ${lineWith(refused, 'here → there')}`);
  const pulled = expectDone(await site(ben, 'pull'));
  if (siteOf(ben).name !== 'Renamed by Ana') throw new Error(`ben has ${siteOf(ben).name}`);
  tell(`taken over: ${lineWith(pulled, 'The servers carry')}`);
  expectDone(await site(ben, 'install'));
  edit(ben, (one) => ({ ...one, name: 'Renamed by both' }));
  expectDone(await site(ben, 'install'));
  tell('installed: by the second one, after it has taken over');
  expectRefused(await site(ana, 'upgrade'), 'site.newer', /number 3/);
  expectDone(await site(ana, 'pull'));
  expectDone(await site(ana, 'install'));
  tell('installed: by the first one again, after it has taken over');
}

/** The second begins while the first has the lock of every server. */
async function proveOneWork(ana: Workstation, ben: Workstation, tell: Tell): Promise<void> {
  const first = begin(ana, 'renew');
  await first.said('new certificate');
  const second = await site(ben, 'renew');
  expectRefused(second, 'site.locked', /is being worked on by .+ on .+: a renewal of certificates, since /);
  tell(`at the same moment: ${lineWith(second, 'worked on by')}`);
  expectDone(await first.ended);
  expectDone(await site(ben, 'repair'));
}

/** Killed on this workstation: run again at once. Killed on another one: told after a while, broken by its id. */
async function proveLeftLock(lab: LabLayout, ana: Workstation, ben: Workstation, tell: Tell): Promise<void> {
  const killed = begin(ana, 'renew');
  await killed.said('new certificate');
  killed.kill();
  await killed.ended;
  const left = await onHost(lab, lockedHost, `cat ${lockFile}`);
  expectDone(await site(ana, 'renew'));
  tell('left by a killed work of this machine: taken over at once');
  const foreign = left.replace(/"process":"[0-9a-f]/, '"process":"x');
  await onHost(lab, lockedHost, `cat > ${lockFile} <<'NOTE'\n${foreign}NOTE\n`);
  expectRefused(await site(ben, 'repair'), 'site.locked', /a renewal of certificates/);
  await onHost(lab, lockedHost, `touch -d '3 minutes ago' ${lockFile}`);
  const stale = await site(ben, 'repair');
  const id = /--break-lock ([0-9a-f]+)/.exec(stale.stderr)?.[1];
  if (id === undefined) throw new Error(`no id to break it with: ${stale.stderr}`);
  tell(`left by a work of another machine: ${lineWith(stale, 'Nothing was heard')}`);
  expectDone(await site(ben, 'repair', ['--break-lock', id]));
  const there = await onHost(lab, lockedHost, `test -e ${lockFile} && echo there || echo gone`);
  if (there.trim() !== 'gone') throw new Error('the lock is left behind');
}

function siteOf({ file }: Workstation): SiteDocument {
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly site: SiteDocument }).site;
}

function edit({ file }: Workstation, change: (site: SiteDocument) => SiteDocument): void {
  const content = JSON.parse(readFileSync(file, 'utf8')) as { readonly site: SiteDocument };
  writeFileSync(file, JSON.stringify({ ...content, site: change(content.site) }, null, 2));
}

function wordsOf({ file, profile }: Workstation, verb: string, more: readonly string[]): string[] {
  return [join(projectFolder(), 'dist/host/site.cjs'), verb, file, '--profile', profile, ...more];
}

function site(workstation: Workstation, verb: string, more: readonly string[] = []): Promise<CommandResult> {
  const words = wordsOf(workstation, verb, more);
  return run(process.execPath, words, { timeoutMs: 600_000, cwd: projectFolder() });
}

interface Begun {
  /** Waits for a line with these words. */
  said(words: string): Promise<void>;
  readonly ended: Promise<CommandResult>;
  kill(): void;
}

function begin(workstation: Workstation, verb: string): Begun {
  const child = spawn(process.execPath, wordsOf(workstation, verb, []), { cwd: projectFolder() });
  let [stdout, stderr] = ['', ''];
  const heard = Promise.withResolvers<void>();
  let awaited: string | undefined;
  const listen = () => awaited !== undefined && stdout.includes(awaited) && heard.resolve();
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`;
    listen();
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<CommandResult>((resolve) => {
    child.once('close', (code) => {
      heard.reject(new Error(`${verb} ended before: ${stdout}${stderr}`));
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
  return {
    ended,
    said: (words) => {
      awaited = words;
      listen();
      return heard.promise;
    },
    kill: () => child.kill('SIGKILL'),
  };
}
