import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { kitOfProfile, restoreProfile } from '../recovery/kit-of-profile.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { SiteCommand } from './commands.ts';
import type { Terminal } from './ask-at-terminal.ts';
import { passphraseOf } from './passphrase.ts';

type KitCommand = Extract<SiteCommand, { verb: 'kit' | 'restore' }>;

/** Makes a recovery kit or restores a profile folder from one; lines for the person. */
export async function carryOutKitVerb(
  command: KitCommand,
  terminal: Terminal | undefined,
  wallTime: string,
): Promise<Result<string[], ProductError[]>> {
  const passphrase = await passphraseOf({
    file: command.passphraseFile,
    terminal,
    of: 'kit',
    isNew: command.verb === 'kit',
  });
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
