import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SiteInstallFile } from '../../../electron/host/install/install-file.ts';
import type { Progress } from '../../../electron/host/install/transcript.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import type { HostName, LabLayout } from '../hosts/layout.ts';
import { projectFolder } from '../hosts/prerequisites.ts';
import { labKey } from '../hosts/ssh.ts';
import { hostKeyFingerprint } from '../site/install.ts';
import { engineApi, labSite } from '../site/lab-site.ts';

/** What a `site` command has said by its end. */
export interface Said {
  readonly code: number;
  readonly errors: readonly ProductError[];
  readonly checks: readonly PreflightCheck[];
  /** Steps that changed something, as `SERVER STEP`. */
  readonly changed: readonly string[];
}

type Verb = 'install' | 'preflight' | 'repair' | 'uninstall';

/** An administrator's workstation: a site file, a profile folder, and the `site` command. */
export class Workstation {
  readonly #lab: LabLayout;
  readonly #folder: string;
  readonly #file: string;

  constructor(lab: LabLayout, folder: string) {
    this.#lab = lab;
    this.#folder = folder;
    this.#file = join(folder, 'site.json');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'password'), `${engineApi.password}\n`, { mode: 0o600 });
  }

  /** Writes the lab's site file, with what a case has wrong in it. */
  async describe(edit: (file: SiteInstallFile) => void = () => undefined): Promise<void> {
    const site = labSite(this.#lab);
    const access = await Promise.all(
      site.servers.map(async ({ id }) => [
        id,
        {
          user: 'root',
          port: 22,
          hostKey: await hostKeyFingerprint(this.#lab, id as HostName),
          sudo: 'root' as const,
          identityFile: labKey(this.#lab),
        },
      ]),
    );
    const file: SiteInstallFile = {
      site,
      access: Object.fromEntries(access) as SiteInstallFile['access'],
      engineApi: { passwordFile: join(this.#folder, 'password') },
    };
    edit(file);
    writeFileSync(this.#file, JSON.stringify(file, null, 2));
  }

  /** @param onStep is told every step as it begins */
  site(verb: Verb, words: readonly string[] = [], onStep: (step: Progress) => void = () => undefined) {
    const { promise, resolve, reject } = Promise.withResolvers<Said>();
    const program = join(projectFolder(), 'dist/host/site.cjs');
    const named = ['--profile', join(this.#folder, 'profile'), '--json'];
    const child = spawn(process.execPath, [program, verb, this.#file, ...named, ...words], {
      cwd: projectFolder(),
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 300_000,
    });
    const errors: ProductError[] = [];
    const checks: PreflightCheck[] = [];
    const changed: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      const one = JSON.parse(line) as { error?: ProductError; check?: PreflightCheck } & Progress;
      if (one.step === undefined && one.error) errors.push(one.error);
      if (one.check) checks.push(one.check);
      if (one.changed) changed.push(`${one.server} ${one.step}`);
      if (one.state === 'started') onStep(one);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, errors, checks, changed }));
    return promise;
  }
}

/** Throws unless the command has done its work. */
export function expectDone(said: Said): Said {
  if (said.code === 0) return said;
  throw new Error(`ended with ${said.code}: ${said.errors.map(sayError).join('\n')}`);
}

/** Throws unless it was refused with this code and these words; answers the sentence. */
export function expectRefused(said: Said, code: string, words: RegExp): string {
  const found = said.errors.find((error) => error.code === code && words.test(sayError(error)));
  if (said.code === 1 && found !== undefined) return `${found.message} [${found.code}] Next: ${found.next}`;
  throw new Error(
    `ended with ${said.code}, without ${code} ${words}: ${said.errors.map(sayError).join('\n')}`,
  );
}

function sayError({ message, code, details, next }: ProductError): string {
  return [`${message} [${code}] Next: ${next}`, ...(details ?? [])].join('\n  ');
}
