import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { kitOfProfile, restoreProfile } from '../recovery/kit-of-profile.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { SiteCommand } from './arguments.ts';
import { askHidden, type Terminal } from './ask-at-terminal.ts';

type KitCommand = Extract<SiteCommand, { verb: 'kit' | 'restore' }>;

/** Makes a recovery kit or restores a profile folder from one; lines for the person. */
export async function carryOutKitVerb(
  command: KitCommand,
  terminal: Terminal | undefined,
  wallTime: string,
): Promise<Result<string[], ProductError[]>> {
  const passphrase = await passphraseOf(command, terminal);
  if (!passphrase.ok) return fail([passphrase.error]);
  if (command.verb === 'kit') return writeKit(command, passphrase.value, wallTime);
  const restored = await restoreProfile(command.file, command.profile, passphrase.value);
  if (!restored.ok) return fail([restored.error]);
  return succeed([
    `The profile of ${restored.value.name} is in ${command.profile}.`,
    `Open it: npm start -- --profile ${command.profile}`,
    'Keys and passwords for SSH are not in a kit: files that the site names must be on this workstation too.',
  ]);
}

async function writeKit(
  { file, out }: Extract<KitCommand, { verb: 'kit' }>,
  passphrase: string,
  wallTime: string,
): Promise<Result<string[], ProductError[]>> {
  const kit = await kitOfProfile(file, passphrase, wallTime);
  if (!kit.ok) return fail([kit.error]);
  const written = await writeNewFile(out, kit.value, new AbortController().signal);
  if (!written.ok) {
    const said = `The recovery kit could not be written to ${out}.`;
    const next =
      'Name a file that does not exist yet, in a folder that this user may write to and with room on its disk.';
    return fail([productError('request.invalid', said, [written.error], next)]);
  }
  return succeed([
    `The recovery kit is in ${out}.`,
    'Keep it and its passphrase apart from each other and from this workstation. Whoever has both can administer the site.',
  ]);
}

async function passphraseOf(
  { verb, passphraseFile }: KitCommand,
  terminal: Terminal | undefined,
): Promise<Result<string, ProductError>> {
  if (passphraseFile !== undefined) {
    const text = await readFile(passphraseFile, 'utf8').catch(() => undefined);
    if (text !== undefined) return succeed(text.replace(/\r?\n$/, ''));
    return fail(productError('site.missing', `The passphrase in ${passphraseFile} cannot be read.`));
  }
  const refused = (said: string, next: string) => fail(productError('request.invalid', said, [], next));
  if (terminal === undefined) {
    return refused('Nobody can be asked for the passphrase here.', 'Give it with --passphrase-file FILE.');
  }
  const typed = await askHidden(terminal, 'Passphrase of the kit:');
  if (typed === undefined) return refused('No passphrase was given.', 'Run the command again.');
  if (verb === 'kit' && (await askHidden(terminal, 'The same again:')) !== typed) {
    return refused('The two passphrases differ.', 'Run the command again.');
  }
  return succeed(typed);
}
