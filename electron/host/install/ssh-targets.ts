import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import type { PinnedHostKey } from '../ssh/host-key.ts';
import type { Privilege, SshTarget } from '../ssh/server-connection.ts';
import type { ServerAccess } from './install-file.ts';

/** Turns a server and its access entry into an SSH target; keys and passwords are read from their files. */
export async function sshTarget(
  server: Server,
  access: ServerAccess,
  sshAgentSocket: string | undefined,
): Promise<Result<SshTarget, ProductError>> {
  try {
    const secret = async (file: string | undefined) =>
      file === undefined ? undefined : (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    const key = access.identityFile === undefined ? undefined : await readFile(access.identityFile, 'utf8');
    const passphrase = await secret(access.passphraseFile);
    const password = await secret(access.passwordFile);
    const sudoPassword = (await secret(access.sudoPasswordFile)) ?? password ?? '';
    return succeed({
      name: server.name,
      address: server.address,
      port: access.port,
      user: access.user,
      pinned: [pinnedKey(access.hostKey)],
      privilege: privilegeOf(access.sudo, sudoPassword),
      ...(key !== undefined && {
        privateKey: { text: key, ...(passphrase !== undefined && { passphrase }) },
      }),
      ...(password !== undefined && { password }),
      ...(access.sshAgent === true && sshAgentSocket !== undefined && { sshAgent: sshAgentSocket }),
    });
  } catch (cause) {
    const said = `${server.name}: a key or password file cannot be read.`;
    return fail(productError('ssh.authentication', said, [(cause as Error).message]));
  }
}

function pinnedKey(text: string): PinnedHostKey {
  const [first, second] = text.split(' ');
  return second === undefined ? { fingerprint: first! } : { keyType: first!, fingerprint: second };
}

function privilegeOf(sudo: ServerAccess['sudo'], password: string): Privilege {
  return sudo === 'password' ? { kind: 'password', password } : { kind: sudo };
}
