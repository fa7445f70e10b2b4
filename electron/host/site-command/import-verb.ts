import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { FileStanding, SiteFileView } from '../../../shared/site-file/site-file-view.ts';
import { longestSiteFile, type ChosenFile } from '../../../shared/site-file/site-file-view.ts';
import { importSite } from '../site-file/import-site.ts';
import { siteIdOf, viewOfFile } from '../site-file/look-into-file.ts';
import { profilesOf } from '../site-file/profiles-here.ts';
import { readChosenFile } from '../site-file/read-site-file.ts';
import type { Terminal } from './ask-at-terminal.ts';
import type { SiteCommand } from './commands.ts';
import { passphraseOf } from './passphrase.ts';

type ImportCommand = Extract<SiteCommand, { verb: 'import' }>;

/** `site import`: what is in a file that leads to a site, and a profile of it. Errors: those of `importSite`, site.missing. */
export async function importVerb(
  command: ImportCommand,
  terminal: Terminal | undefined,
  wallTime: string,
): Promise<Result<string[], ProductError[]>> {
  const file = await chosen(command.file, command, terminal, wallTime);
  if (!file.ok) return fail([file.error]);
  const read = await readChosenFile(file.value, wallTime);
  if (!read.ok) return fail([read.error]);
  const directory = resolve(command.profile ?? join(dirname(command.file), siteIdOf(read.value)));
  const view = viewOfFile(
    read.value,
    await profilesOf(siteIdOf(read.value), dirname(directory), [directory], wallTime),
  );
  const told = viewLines(view);
  if (command.plan) return succeed([...told, 'Nothing was changed.']);
  const there = view.here.find((one) => one.directory === directory);
  if (there !== undefined && view.kind === 'site') {
    if (there.standing === 'other-authority') return fail([otherAuthority(view, directory)]);
    if (!there.canTake) return succeed([...told, standingWords[there.standing], openLine(directory)]);
  }
  const key =
    command.with === undefined ? succeed(null) : await chosen(command.with, command, terminal, wallTime);
  if (!key.ok) return fail([key.error]);
  const into = there !== undefined && view.kind === 'site' ? directory : null;
  const place = { sitesFolder: dirname(directory), named: [directory], wallTime };
  const request = { file: file.value, key: key.value, into };
  const imported = await importSite(request, { ...place, fresh: () => Promise.resolve(directory) });
  if (!imported.ok) return fail([imported.error]);
  const outcome = into === null ? `The profile is in ${directory}.` : `${directory} has it now.`;
  return succeed([...told, outcome, openLine(directory)]);
}

/** The file, with its passphrase where it is sealed. */
async function chosen(
  path: string,
  { passphraseFile }: ImportCommand,
  terminal: Terminal | undefined,
  wallTime: string,
): Promise<Result<ChosenFile, ProductError>> {
  const text = await textOf(path);
  if (!text.ok) return text;
  const plain = { text: text.value, passphrase: '' };
  const head = await readChosenFile(plain, wallTime);
  if (!head.ok || head.value.kind === 'site') return succeed(plain);
  const asked = { file: passphraseFile, terminal, of: head.value.kind, isNew: false };
  const passphrase = await passphraseOf(asked);
  return passphrase.ok ? succeed({ ...plain, passphrase: passphrase.value }) : passphrase;
}

async function textOf(path: string): Promise<Result<string, ProductError>> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return fail(productError('site.damaged', `${path} is not a file.`));
    if (found.size > 4 * longestSiteFile)
      return fail(productError('site.damaged', `${path} is too large to lead to a site.`));
    return succeed(await readFile(path, 'utf8'));
  } catch (cause) {
    const { code = 'unknown cause' } = cause as NodeJS.ErrnoException;
    const said = `${path} cannot be read (${code}).`;
    return fail(productError(code === 'ENOENT' ? 'site.missing' : 'site.damaged', said));
  }
}

const kindWords = { site: 'site file', kit: 'recovery kit', invitation: 'invitation' } as const;

const standingWords: Record<FileStanding, string> = {
  same: 'The profile there says the same; nothing was changed.',
  newer: 'The file is newer than the profile there.',
  older: 'The file is older than the profile there; nothing was changed.',
  differs:
    'The file and the profile there differ, and nobody has signed which is newer; nothing was changed.',
  'other-authority': 'The profile there is of another authority; nothing was changed.',
};

/** What is in the file, line by line. Pure. */
function viewLines(view: SiteFileView): string[] {
  const { kind, site, made, by, consoleVersion, configuration, fingerprint, gives, servers, clusters } = view;
  return [
    `${kindWords[kind]} of ${site.name} (${site.id})`,
    `made: ${made ?? 'the file does not say'}${by === null ? '' : ` by ${by}`}${consoleVersion === null ? '' : `, console ${consoleVersion}`}`,
    `configuration: ${configuration ?? 'nobody has numbered it'}`,
    `authority: ${fingerprint ?? 'the file names none'}`,
    ...(gives === null ? [] : [`gives this workstation a certificate as ${gives.role}`]),
    ...(servers ?? []).map((server) => `server: ${server}`),
    ...(clusters ?? []).map((cluster) => `cluster: ${cluster}`),
    ...view.here.flatMap((one) => [
      `here: ${one.directory}, ${one.standing}`,
      ...one.changes.map((change) => `here → file: ${change}`),
    ]),
  ];
}

function openLine(directory: string): string {
  return `Open it: npm start -- --profile ${directory}`;
}

function otherAuthority({ site }: SiteFileView, directory: string): ProductError {
  const said = `${directory} is of the site ${site.id} too, but of another authority than the file.`;
  return productError('import.foreign', said);
}
