import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { consoleCredentials, loadOrCreateKeys, siteFileOf } from '../install/profile.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { bundleSite } from '../support/bundle-site.ts';
import type { SiteCommand } from './arguments.ts';

/** `site bundle`: one archive about all servers of a site. */
export async function bundleVerb(
  command: Extract<SiteCommand, { verb: 'bundle' }>,
  inputs: InstallInputs,
  ports: { readonly signal?: AbortSignal | undefined; readonly out: (text: string) => void },
): Promise<Result<string[], ProductError[]>> {
  const { document, bundle, connect, target, profileDirectory } = inputs;
  const { site } = document;
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[:-]/g, '');
  const out = resolve(command.out ?? `ixha-support-${site.id}-${time}Z.tar.gz`);
  if (existsSync(out)) {
    return fail([productError('support.not-written', `${out} is there already and is not replaced.`)]);
  }
  const made = await bundleSite(
    {
      site,
      connect,
      target,
      profileDirectory,
      ask: await askOf(inputs),
      productVersion: bundle.version,
      programText: await readFile(bundle.files.find(({ path }) => path === 'ixha.cjs')!.file, 'utf8'),
      signal: ports.signal ?? new AbortController().signal,
      onPart: ({ name, files, missing }) => {
        const text = `${name.padEnd(12)} ${files.length} files, ${missing.length} missing`;
        ports.out(`${command.json ? JSON.stringify({ part: name, files: files.length, missing }) : text}\n`);
      },
    },
    out,
  );
  return made.ok ? succeed([...made.value.lines]) : fail([made.error]);
}

/** Agents are asked with this workstation's own certificate, where it has one. */
async function askOf({ profileDirectory, document, createAsk }: InstallInputs) {
  if (!existsSync(siteFileOf(profileDirectory))) return null;
  const keys = await loadOrCreateKeys(profileDirectory, document.site.id);
  return keys.ok ? createAsk(consoleCredentials(keys.value)) : null;
}
