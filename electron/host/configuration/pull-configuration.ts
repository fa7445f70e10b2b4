import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import { madeWords } from '../../../shared/site/site-configuration.ts';
import { siteOfAuthority } from '../authority/console-identity.ts';
import { carriedConfigurations } from '../install/configured-work.ts';
import { connectInstalled } from '../install/connect-installed.ts';
import { serversInUse } from '../install/install-file.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { profilePaths, saveSite } from '../install/profile.ts';
import { transcriptIn } from '../install/transcript.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { writeNewFile } from '../write-new-file.ts';
import { writeWhole } from '../write-whole.ts';
import { keepConfiguration, type SignedConfiguration } from './kept-configuration.ts';
import { newestOf } from './next-configuration.ts';

/**
 * Takes the site document that the servers carry over into the site file and the profile folder; the site file of before
 * is kept beside it. Servers are only read; one that does not answer is not waited for. Answers what has changed, line
 * by line. Errors: site.missing (no server carries any), request.invalid (the file cannot be written), ssh.*.
 */
export async function pullConfiguration(
  inputs: InstallInputs,
  file: string,
): Promise<Result<string[], ProductError[]>> {
  const looked = await lookAtCarried(inputs);
  if (!looked.ok) return looked;
  const { found, changes } = looked.value;
  if (changes.length > 0) {
    const written = await replaceSite(file, found);
    if (!written.ok) return fail([written.error]);
  }
  await keep(inputs, found);
  return succeed([
    carriedWords(found),
    ...(changes.length === 0 ? [`${file} says the same.`] : changes),
    ...(changes.length === 0 ? [] : [`${file} has it now; the file of before is ${asideOf(file, found)}.`]),
  ]);
}

/**
 * The same for a console that is shown a profile folder, which has no site file, and whose agents tell nothing. `plan`: only
 * says what would change. Errors: site.missing (no server carries any), ssh.*.
 */
export async function pullOverSsh(
  inputs: InstallInputs,
  { plan }: { readonly plan: boolean },
): Promise<Result<string[], ProductError[]>> {
  const looked = await lookAtCarried(inputs);
  if (!looked.ok) return looked;
  const { found, changes } = looked.value;
  if (!plan) await keep(inputs, found);
  return succeed(carriedLines(found, changes));
}

interface Carried {
  readonly found: SignedConfiguration;
  /** Every field that differs, from what is here to what is there. */
  readonly changes: readonly string[];
}

async function lookAtCarried(inputs: InstallInputs): Promise<Result<Carried, ProductError[]>> {
  const { profileDirectory, document } = inputs;
  const authority = await authorityIn(profileDirectory, document.site.id);
  if (!authority.ok) return fail([authority.error]);
  const found = await newestCarried(inputs, authority.value);
  if (!found.ok) return found;
  const changes = documentChanges(document.site, found.value.configuration.site);
  return succeed({ found: found.value, changes });
}

/** The certificate is enough: nothing is signed here, only proven. Errors: site.missing, install.foreign, site.damaged. */
async function authorityIn(directory: string, siteId: string): Promise<Result<string, ProductError>> {
  const path = join(directory, profilePaths.authority);
  const pem = await readFile(path, 'utf8').catch(() => null);
  if (pem === null) {
    const said = `${directory} holds no certificate of the site’s authority, so nothing that servers carry can be proven.`;
    const next =
      'Open the site with an invitation or a recovery kit first: npm run site -- join FILE --profile DIR.';
    return fail(productError('site.missing', said, [], next));
  }
  try {
    const owner = siteOfAuthority(pem);
    if (owner === siteId) return succeed(pem);
    const said = `The profile folder ${directory} belongs to the site ${owner}, not to ${siteId}.`;
    return fail(productError('install.foreign', said));
  } catch (cause) {
    return fail(productError('site.damaged', `${path} cannot be read.`, [(cause as Error).message]));
  }
}

async function keep(
  { profileDirectory, document }: InstallInputs,
  found: SignedConfiguration,
): Promise<void> {
  await saveSite(profileDirectory, { ...document, site: found.configuration.site });
  await keepConfiguration(profileDirectory, found);
}

/** What the servers carry, and every field that differs from what is here. Pure. */
export function carriedLines(found: SignedConfiguration, changes: readonly string[]): string[] {
  const same = 'This workstation has the same, field by field.';
  return [carriedWords(found), ...(changes.length === 0 ? [same] : changes)];
}

function carriedWords({ configuration }: SignedConfiguration): string {
  return `The servers carry configuration ${madeWords(configuration)}.`;
}

async function newestCarried(
  inputs: InstallInputs,
  authorityPem: string,
): Promise<Result<SignedConfiguration, ProductError[]>> {
  const { site } = inputs.document;
  const opened: ServerConnection[] = [];
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  try {
    const looks = await Promise.all(
      serversInUse(site).map(async (id) => {
        const works = await connectInstalled(inputs, record, opened, [id]);
        return works.ok ? carriedConfigurations(works.value, site.id, authorityPem) : works;
      }),
    );
    const newest = newestOf(looks.flatMap((look) => (look.ok ? look.value : [])));
    if (newest !== null) return succeed(newest);
    const errors = looks.flatMap((look) => (look.ok ? [] : look.error));
    const said = 'No server carries a configuration that the site’s authority has signed.';
    const next = 'An installation, an upgrade or a repair puts it there.';
    return fail([...errors, productError('site.missing', said, [], next)]);
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** Everything but the site document stays as it was: how servers are reached, and files of this workstation. */
async function replaceSite(file: string, pulled: SignedConfiguration): Promise<Result<void, ProductError>> {
  const text = await readFile(file, 'utf8');
  const present = parseJson(text);
  if (typeof present !== 'object' || present === null) {
    return fail(productError('site.damaged', `${file} is not valid JSON any more.`));
  }
  const aside = await writeNewFile(asideOf(file, pulled), text, new AbortController().signal);
  if (!aside.ok) {
    const said = `The site file of before could not be kept as ${asideOf(file, pulled)}.`;
    return fail(productError('request.invalid', said, [aside.error]));
  }
  // Who exported the file of before has not written this one.
  const next = { ...present, site: pulled.configuration.site, exported: undefined };
  await writeWhole(file, `${JSON.stringify(next, null, 2)}\n`);
  return succeed(undefined);
}

function asideOf(file: string, { configuration: { number } }: SignedConfiguration): string {
  return `${file}.before-${number}`;
}
