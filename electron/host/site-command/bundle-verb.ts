import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { consoleCredentials, loadOrCreateKeys, siteFileOf } from '../install/profile.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { bundleName, bundleOfSite } from '../support/bundle-of-site.ts';
import type { SiteCommand } from './commands.ts';

/** `site bundle`: one archive about all servers of a site. */
export async function bundleVerb(
  command: Extract<SiteCommand, { verb: 'bundle' }>,
  inputs: InstallInputs,
  ports: { readonly signal?: AbortSignal | undefined; readonly out: (text: string) => void },
): Promise<Result<string[], ProductError[]>> {
  const out = resolve(command.out ?? bundleName(inputs.document.site.id));
  if (existsSync(out)) {
    return fail([productError('support.not-written', `${out} is there already and is not replaced.`)]);
  }
  const made = await bundleOfSite(
    inputs,
    {
      ask: await askOf(inputs),
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
