import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { DraftJumpHost, DraftServer, SetupDraft } from '../../../shared/setup/draft.ts';
import { siteServerIds } from '../../../shared/setup/site-from-draft.ts';
import type { SiteDescription } from '../install/install-file.ts';
import type { JumpHost, ServerAccess } from '../install/server-access.ts';
import type { SignInHelp } from '../install/ssh-targets.ts';
import { readPinnedKey } from '../ssh/host-key.ts';
import type { Privilege, SshPlace, SshTarget } from '../ssh/server-connection.ts';
import type { SetupSecrets } from './setup-secrets.ts';

/** What a setup adds to the ways that are written down in its draft. */
export interface DraftWays {
  readonly secrets: Pick<SetupSecrets, 'get'>;
  readonly help: SignInHelp;
}

/**
 * How a server of a draft is reached, over its jump host where it has one, with the secrets at hand. Errors:
 * ssh.authentication (the key file cannot be read, or a secret is needed that was not given), ssh.host-key-unknown (of
 * its jump host).
 */
export async function draftTarget(
  draft: SetupDraft,
  server: DraftServer,
  ways: DraftWays,
): Promise<Result<SshTarget, ProductError>> {
  const place = await placeOf(draft, server, ways);
  if (!place.ok) return place;
  const jump = await jumpOf(draft, server, ways);
  if (!jump.ok) return jump;
  const { secrets } = ways;
  const sudoPassword = secrets.get(server.id, 'sudo-password') ?? secrets.get(server.id, 'password') ?? '';
  return succeed({
    ...place.value,
    privilege: privilegeOf(server.ssh.sudo, sudoPassword),
    ...(jump.value && { jump: jump.value }),
  });
}

/** How a jump host of a draft is reached. Errors: ssh.authentication. */
export function jumpPlace(
  draft: SetupDraft,
  jump: DraftJumpHost,
  ways: DraftWays,
): Promise<Result<SshPlace, ProductError>> {
  return placeOf(draft, jump, ways);
}

/** The same for a server of the site that the draft describes, by its id in the site's document. */
export function siteTarget(
  draft: SetupDraft,
  ways: DraftWays,
): (server: { readonly id: string }) => Promise<Result<SshTarget, ProductError>> {
  const ids = siteServerIds(draft);
  return ({ id }) =>
    draftTarget(
      draft,
      draft.servers.find((server) => ids.get(server.id) === id)!,
      ways,
    );
}

/** What the profile keeps of all ways: the same without any secret. */
export function draftAccess(draft: SetupDraft): Omit<SiteDescription, 'site'> {
  const ids = siteServerIds(draft);
  const { servers, jumpHosts, revokedHostKeys, leaseStore } = draft;
  return {
    access: Object.fromEntries(
      servers.map((server): [string, ServerAccess] => [
        ids.get(server.id)!,
        {
          ...draftSignIn(server),
          sudo: server.ssh.sudo,
          ...(server.ssh.jump !== undefined && { jump: server.ssh.jump }),
          ...(server.ssh.agentsThroughSsh === true && { agentsThroughSsh: true }),
        },
      ]),
    ),
    ...(jumpHosts.length > 0 && {
      jumpHosts: Object.fromEntries(
        jumpHosts.map((jump): [string, JumpHost] => [
          jump.id,
          { address: jump.address, ...draftSignIn(jump) },
        ]),
      ),
    }),
    ...(revokedHostKeys.length > 0 && { revokedHostKeys: [...revokedHostKeys] }),
    ...(leaseStore.kind === 'etcd' && {
      etcd: {
        authorityFile: leaseStore.authorityFile,
        certificateFile: leaseStore.certificateFile,
        keyFile: leaseStore.keyFile,
      },
    }),
  };
}

/** How the console signs in there, without any secret. Pure. */
export function draftSignIn({ ssh }: DraftServer | DraftJumpHost) {
  return {
    user: ssh.user,
    port: ssh.port ?? 22,
    hostKey: ssh.hostKey ?? '',
    ...(ssh.login.kind === 'key' && { identityFile: ssh.login.file }),
    ...(ssh.login.kind === 'ssh-agent' && { sshAgent: true }),
    ...(ssh.legacyAlgorithms !== undefined &&
      ssh.legacyAlgorithms.length > 0 && { legacyAlgorithms: ssh.legacyAlgorithms }),
  };
}

async function jumpOf(
  draft: SetupDraft,
  { name, ssh }: DraftServer,
  ways: DraftWays,
): Promise<Result<SshPlace | undefined, ProductError>> {
  if (ssh.jump === undefined) return succeed(undefined);
  const jump = draft.jumpHosts.find(({ id }) => id === ssh.jump);
  if (!jump) return refuse(`The jump host of ${name} was taken out.`, 'Choose another way to it.');
  if (jump.ssh.hostKey === null) {
    // Its key must never be shown as the one of the server behind it.
    const said = `${name} was not asked: the key of its jump host ${jump.name} is not trusted yet.`;
    return fail(
      productError('ssh.host-key-unknown', said, [], 'Reach the jump host first and compare its key.'),
    );
  }
  return placeOf(draft, jump, ways);
}

async function placeOf(
  { revokedHostKeys }: SetupDraft,
  server: DraftServer | DraftJumpHost,
  { secrets, help }: DraftWays,
): Promise<Result<SshPlace, ProductError>> {
  const { ssh, name, address, id } = server;
  const key = await privateKey(server);
  if (!key.ok) return key;
  const password = secrets.get(id, 'password');
  if (ssh.login.kind === 'password' && password === undefined) {
    return refuse(`The password of ${ssh.user} on ${name} is needed.`, 'Give it once more: it is not kept.');
  }
  if (ssh.login.kind === 'ssh-agent' && help.sshAgentSocket === undefined) {
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
    revoked: revokedHostKeys,
    ...(ssh.legacyAlgorithms !== undefined && { legacyAlgorithms: ssh.legacyAlgorithms }),
    ...(key.value !== undefined && {
      privateKey: { text: key.value, ...(passphrase !== undefined && { passphrase }) },
    }),
    ...(password !== undefined && { password }),
    ...(ssh.login.kind === 'ssh-agent' && { sshAgent: help.sshAgentSocket! }),
    ...(help.answer && { answer: help.answer }),
  });
}

async function privateKey({
  ssh,
  name,
}: DraftServer | DraftJumpHost): Promise<Result<string | undefined, ProductError>> {
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
