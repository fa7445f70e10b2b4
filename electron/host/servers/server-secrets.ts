import type { ServerAccessView } from '../../../shared/servers/servers-view.ts';
import type { SecretKind } from '../../../shared/setup/setup-view.ts';
import type { ServerAccess } from '../install/server-access.ts';
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
