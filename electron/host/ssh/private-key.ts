import ssh2, { type ParsedKey } from 'ssh2';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { describeHostKey, pinnedKeyText } from './host-key.ts';
import { askPerson } from './questions.ts';
import type { SshPlace } from './server-connection.ts';

const passphraseTries = 3;

export interface UsableKey {
  readonly key: ParsedKey;
  /** `ssh-ed25519 SHA256:…`, to be compared with what the server's authorized_keys holds. */
  readonly shown: string;
}

/**
 * Reads the private key of a target before anything is sent, so that a wrong passphrase is never told as
 * a refused key. A missing or wrong passphrase is asked for where somebody can answer.
 * Errors: ssh.passphrase, ssh.authentication (the file is no private key).
 */
export async function readPrivateKey(target: SshPlace): Promise<Result<UsableKey | undefined, ProductError>> {
  const { privateKey, name, user } = target;
  if (!privateKey) return succeed(undefined);
  let passphrase = privateKey.passphrase;
  for (let tries = 0; ; tries++) {
    const key = parse(privateKey.text, passphrase);
    if (!(key instanceof Error)) return usable(target, key);
    if (!/passphrase|integrity|decrypt/i.test(key.message)) return fail(unreadable(target, key.message));
    const text = passphrase === undefined ? 'Passphrase of the key:' : 'Wrong. Passphrase of the key:';
    const question = { server: name, user, instructions: '', prompts: [{ text, hidden: true }] };
    const given = tries < passphraseTries ? await askPerson(target, question) : undefined;
    if (given === undefined) {
      const why = passphrase === undefined ? 'needs its passphrase' : 'does not open with this passphrase';
      return fail(productError('ssh.passphrase', `${name}: the private key of ${user} ${why}.`));
    }
    passphrase = given[0]!;
  }
}

function parse(text: string, passphrase: string | undefined): ParsedKey | Error {
  try {
    return ssh2.utils.parseKey(text, passphrase);
  } catch (cause) {
    return cause as Error;
  }
}

function usable(target: SshPlace, key: ParsedKey): Result<UsableKey, ProductError> {
  if (!key.isPrivateKey()) return fail(unreadable(target, 'this is a public key'));
  return succeed({ key, shown: pinnedKeyText(describeHostKey(key.getPublicSSH())) });
}

function unreadable(target: SshPlace, why: string): ProductError {
  return productError(
    'ssh.authentication',
    `${target.name}: the private key of ${target.user} cannot be read.`,
    [why],
    'Give a private key in the format of OpenSSH, PEM or PuTTY (ssh-keygen -p -f FILE converts it).',
  );
}
