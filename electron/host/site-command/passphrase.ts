import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { askHidden, type Terminal } from './ask-at-terminal.ts';

/** How a passphrase is asked for. */
export interface PassphraseAsking {
  readonly file: string | undefined;
  readonly terminal: Terminal | undefined;
  /** What it is of. */
  readonly of: string;
  /** A new one is typed twice. */
  readonly isNew: boolean;
}

/** From its file, or typed without its being shown. Errors: site.missing, request.invalid. */
export async function passphraseOf(asking: PassphraseAsking): Promise<Result<string, ProductError>> {
  const { file, terminal, of, isNew } = asking;
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return succeed(text.replace(/\r?\n$/, ''));
    return fail(productError('site.missing', `The passphrase in ${file} cannot be read.`));
  }
  const refused = (said: string, next: string) => fail(productError('request.invalid', said, [], next));
  if (terminal === undefined) {
    return refused('Nobody can be asked for the passphrase here.', 'Give it with --passphrase-file FILE.');
  }
  const typed = await askHidden(terminal, `Passphrase of the ${of}:`);
  if (typed === undefined) return refused('No passphrase was given.', 'Run the command again.');
  if (isNew && (await askHidden(terminal, 'The same again:')) !== typed) {
    return refused('The two passphrases differ.', 'Run the command again.');
  }
  return succeed(typed);
}
