import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { DraftServer, SetupDraft } from '../../../shared/setup/draft.ts';
import { siteServerIds } from '../../../shared/setup/site-from-draft.ts';
import type { ServerAccess } from '../install/server-access.ts';
import { readPinnedKey } from '../ssh/host-key.ts';
import type { Privilege, SshTarget } from '../ssh/server-connection.ts';
import type { SetupSecrets } from './setup-secrets.ts';

/**
 * How a server of a draft is reached, with the secrets at hand. Errors: ssh.authentication (the key file cannot be
 * read, or a secret is needed that was not given).
 */
export async function draftTarget(
  server: DraftServer,
  secrets: Pick<SetupSecrets, 'get'>,
  sshAgentSocket: string | undefined,
): Promise<Result<SshTarget, ProductError>> {
  const { ssh, name, address, id } = server;
  const key = await privateKey(server);
  if (!key.ok) return key;
  const password = secrets.get(id, 'password');
  if (ssh.login.kind === 'password' && password === undefined) {
    return refuse(`The password of ${ssh.user} on ${name} is needed.`, 'Give it once more: it is not kept.');
  }
  if (ssh.login.kind === 'ssh-agent' && sshAgentSocket === undefined) {
    return refuse(
      'No SSH agent runs in this session.',
      'Start one and add the key, or choose another login.',
    );
  }
  const passphrase = secrets.get(id, 'passphrase');
  return succeed({
    name,
    address,
    port: ssh.port ?? 22,
    user: ssh.user,
    pinned: ssh.hostKey === null ? [] : [readPinnedKey(ssh.hostKey)],
    privilege: privilegeOf(ssh.sudo, secrets.get(id, 'sudo-password') ?? password ?? ''),
    ...(key.value !== undefined && {
      privateKey: { text: key.value, ...(passphrase !== undefined && { passphrase }) },
    }),
    ...(password !== undefined && { password }),
    ...(ssh.login.kind === 'ssh-agent' && { sshAgent: sshAgentSocket! }),
  });
}

/** The same for a server of the site that the draft describes, by its id in the site's document. */
export function siteTarget(
  draft: SetupDraft,
  secrets: Pick<SetupSecrets, 'get'>,
  sshAgentSocket: string | undefined,
): (server: { readonly id: string }) => Promise<Result<SshTarget, ProductError>> {
  const ids = siteServerIds(draft);
  return ({ id }) =>
    draftTarget(
      draft.servers.find((server) => ids.get(server.id) === id)!,
      secrets,
      sshAgentSocket,
    );
}

/** What the profile keeps of it: the same without any secret. */
export function draftAccess({ ssh }: DraftServer): ServerAccess {
  return {
    user: ssh.user,
    port: ssh.port ?? 22,
    hostKey: ssh.hostKey ?? '',
    sudo: ssh.sudo,
    ...(ssh.login.kind === 'key' && { identityFile: ssh.login.file }),
    ...(ssh.login.kind === 'ssh-agent' && { sshAgent: true }),
  };
}

async function privateKey({ ssh, name }: DraftServer): Promise<Result<string | undefined, ProductError>> {
  if (ssh.login.kind !== 'key') return succeed(undefined);
  try {
    return succeed(await readFile(ssh.login.file, 'utf8'));
  } catch (cause) {
    return refuse(
      `The private key ${ssh.login.file} for ${name} cannot be read (${(cause as Error).message}).`,
      'Name a file that this user may read.',
    );
  }
}

function privilegeOf(sudo: DraftServer['ssh']['sudo'], password: string): Privilege {
  return sudo === 'password' ? { kind: 'password', password } : { kind: sudo };
}

function refuse(message: string, next: string): Result<never, ProductError> {
  return fail(productError('ssh.authentication', message, [], next));
}
