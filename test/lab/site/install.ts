import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { must, run, type CommandResult } from '../hosts/command.ts';
import { diskOf, type HostName, type LabLayout } from '../hosts/layout.ts';
import { projectFolder } from '../hosts/prerequisites.ts';
import { labKey } from '../hosts/ssh.ts';
import { etcdAccess } from './lab-etcd.ts';
import { engineApi } from './lab-site.ts';

/** Console profile of the lab: the site's authority and the console's own certificate end up there. */
export function profileFolder(lab: LabLayout): string {
  return join(lab.hosts, 'profile');
}

/** Installs the product on the hosts over SSH with its own installer; returns what it said. */
export async function installProduct(lab: LabLayout, site: SiteDocument, root?: string): Promise<string> {
  const { code, stdout, stderr } = await runSite(lab, 'install', site, root);
  if (code === 0) return stdout;
  const told = `${stdout}${stderr}`.split('\n');
  const failed = told.findIndex((line) => line.includes('FAILED'));
  throw new Error(`the installer failed: ${told.slice(Math.max(0, failed)).join('\n').slice(0, 2_000)}`);
}

/** The `site` command for the lab's hosts, of this project or of another `root` that holds the program. */
export async function runSite(
  lab: LabLayout,
  verb: SiteVerb,
  site: SiteDocument,
  root = projectFolder(),
  more: readonly string[] = [],
): Promise<CommandResult> {
  const { program, args, cwd } = await siteArguments(lab, verb, site, root);
  return run(program, [...args, ...more], { timeoutMs: 600_000, cwd });
}

/** The same, ended without warning as soon as it has told a line with these words; false: it had ended before. */
export async function siteUntil(
  lab: LabLayout,
  verb: SiteVerb,
  site: SiteDocument,
  words: string,
  root?: string,
): Promise<boolean> {
  const { program, args, cwd } = await siteArguments(lab, verb, site, root);
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let reached = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes(words)) continue;
    reached = true;
    child.kill('SIGKILL');
    break;
  }
  await new Promise((resolve) =>
    child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(undefined),
  );
  return reached;
}

export type SiteVerb =
  | 'install'
  | 'arm'
  | 'observe'
  | 'upgrade'
  | 'repair'
  | 'renew'
  | 'revoke'
  | 'rollback'
  | 'bundle'
  | 'logs'
  | 'move-store'
  | 'preflight'
  | 'verify'
  | 'readiness';

/** The same command, for who starts it himself. */
export async function siteArguments(
  lab: LabLayout,
  verb: SiteVerb,
  site: SiteDocument,
  root = projectFolder(),
): Promise<{ readonly program: string; readonly args: string[]; readonly cwd: string }> {
  const program = join(root, 'dist/host/site.cjs');
  if (!existsSync(program)) throw new Error(`${program} is missing; run: npm run build`);
  const file = await writeInstallFile(lab, site);
  return {
    program: process.execPath,
    args: [program, verb, file, '--profile', profileFolder(lab)],
    cwd: root,
  };
}

async function writeInstallFile(lab: LabLayout, site: SiteDocument): Promise<string> {
  const passwordFile = join(lab.hosts, 'engine-password');
  mkdirSync(profileFolder(lab), { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${engineApi.password}\n`, { mode: 0o600 });
  const access = await Promise.all(
    site.servers.map(async ({ id }) => [
      id,
      {
        user: 'root',
        port: 22,
        hostKey: await hostKeyFingerprint(lab, id as HostName),
        sudo: 'root',
        identityFile: labKey(lab),
      },
    ]),
  );
  const file = join(lab.hosts, 'site.json');
  const content = {
    site,
    access: Object.fromEntries(access) as object,
    engineApi: { passwordFile },
    ...(site.leaseStore.kind === 'etcd' && { etcd: etcdAccess(lab, site.leaseStore.user) }),
  };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}

/** `SHA256:…` of the key that the lab gave to the host. */
export async function hostKeyFingerprint(lab: LabLayout, host: HostName): Promise<string> {
  const key = join(diskOf(lab, host), 'upper/etc/ssh/ssh_host_ed25519_key.pub');
  const words = (await must('ssh-keygen', ['-lf', key])).split(' ');
  return words.find((word) => word.startsWith('SHA256:')) ?? '';
}
