import { shortestPassphrase } from '../../../shared/console-ipc/console-contract.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';

/** Why this passphrase cannot seal anything; null: it can. Error: request.invalid. Pure. */
export function passphraseRefusal(passphrase: string, of: string): ProductError | null {
  if ([...passphrase].length >= shortestPassphrase) return null;
  const said = `The passphrase of ${of} needs at least ${shortestPassphrase} characters.`;
  const next = 'Choose a longer one: four or five words that have nothing to do with each other.';
  return productError('request.invalid', said, [], next);
}
