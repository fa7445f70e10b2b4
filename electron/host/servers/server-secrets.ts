import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, type Result } from '../../../shared/result.ts';
import type { ServerAccessView, SharedSecretsView } from '../../../shared/servers/servers-view.ts';
import type { SecretKind } from '../../../shared/setup/setup-view.ts';
import type { EtcdSecrets } from '../../../shared/site/etcd-look.ts';
import { etcdSecretsFrom, readEtcdSecrets } from '../install/etcd-secrets.ts';
import type { ServerAccess } from '../install/server-access.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import type { SetupSecrets } from '../setup/setup-secrets.ts';
import type { SshTarget } from '../ssh/server-connection.ts';

/** What has to be typed before this server can be signed in to, and what may have to be. Pure. */
export function accessView(
  server: string,
  access: ServerAccess,
  secrets: Pick<SetupSecrets, 'has'>,
): ServerAccessView {
  const byPassword = !access.identityFile && !access.passwordFile && access.sshAgent !== true;
  const sudoAsks = access.sudo === 'password' && !access.sudoPasswordFile && !access.passwordFile;
  const needs: SecretKind[] = byPassword ? ['password'] : sudoAsks ? ['sudo-password'] : [];
  const mayHavePassphrase = access.identityFile !== undefined && access.passphraseFile === undefined;
  const may: SecretKind[] = mayHavePassphrase
    ? ['passphrase']
    : byPassword && sudoAsks
      ? ['sudo-password']
      : [];
  return { server, user: access.user, needs, may, has: secrets.has(server) };
}

/** What is asked for once for all servers: members have it on their disks, this workstation has not. Pure. */
export function sharedView(
  { site: { leaseStore }, access: { etcd } }: Pick<ConsoleProfile, 'site' | 'access'>,
  secrets: Pick<SetupSecrets, 'has'>,
): SharedSecretsView {
  const asksEtcd =
    leaseStore.kind === 'etcd' && leaseStore.user !== undefined && etcd?.passwordFile === undefined;
  return {
    needs: ['engine-password', ...(asksEtcd ? ['etcd-password' as const] : [])],
    has: secrets.has(''),
  };
}

/**
 * What members sign in to the site's etcd with, from the files that this workstation knows of and what a person has
 * typed. Errors: site.missing, site.unsafe, ssh.authentication (its password is not at hand).
 */
export async function etcdSecretsOf(
  { site, access: { etcd } }: Pick<ConsoleProfile, 'site' | 'access'>,
  secrets: Pick<SetupSecrets, 'get'>,
  now: Date,
): Promise<Result<EtcdSecrets, ProductError>> {
  if (etcd === undefined) {
    const said = 'This workstation does not know with which files members sign in to the etcd.';
    const next = 'Install the site once more with its site file: it changes nothing that is as wanted.';
    return fail(productError('site.missing', said, [], `${next} npm run site -- install FILE`));
  }
  if (etcd.passwordFile !== undefined) return readEtcdSecrets({ site, etcd }, now);
  const hasUser = site.leaseStore.kind === 'etcd' && site.leaseStore.user !== undefined;
  const password = secrets.get('', 'etcd-password');
  if (hasUser && password === undefined) {
    return fail(
      productError('ssh.authentication', 'The password of the etcd’s user is needed: it is not kept.'),
    );
  }
  return etcdSecretsFrom(etcd, { password, hasUser, now });
}

/** A way to a server with what a person has typed for it; what stands in files comes first. Pure. */
export function withTyped(target: SshTarget, server: string, secrets: Pick<SetupSecrets, 'get'>): SshTarget {
  const password = target.password ?? secrets.get(server, 'password');
  const passphrase = target.privateKey?.passphrase ?? secrets.get(server, 'passphrase');
  const asks = target.privilege.kind === 'password' && target.privilege.password === '';
  const sudo = secrets.get(server, 'sudo-password') ?? password ?? '';
  return {
    ...target,
    ...(password !== undefined && { password }),
    ...(target.privateKey &&
      passphrase !== undefined && { privateKey: { ...target.privateKey, passphrase } }),
    ...(asks && { privilege: { kind: 'password', password: sudo } }),
  };
}
