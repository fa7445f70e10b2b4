import * as z from 'zod/mini';
import { EntityId, Port } from '../../../shared/site/site-document.ts';
import { legacyAlgorithms } from '../../../shared/site/legacy-algorithms.ts';

export const LocalPath = z.string().check(z.minLength(1), z.maxLength(4096));

const fingerprint = 'SHA256:[A-Za-z0-9+/]{43}';
const Fingerprint = z.string().check(z.regex(new RegExp(`^${fingerprint}$`)));
/** `SHA256:…` as `ssh-keygen -lf` prints it, optionally with its type before it: `ssh-ed25519 SHA256:…`. */
const PinnedKey = z.string().check(z.regex(new RegExp(`^(?:[a-z0-9@.-]+ )?${fingerprint}$`)));

/** How to sign in over SSH. Secrets are named by file, never written into the site file. */
const signInFields = {
  user: z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/)),
  port: Port,
  /** One key, or several of a server that has more than one. Without any nothing is sent to it. */
  hostKey: z.optional(z.union([PinnedKey, z.array(PinnedKey).check(z.minLength(1), z.maxLength(10))])),
  identityFile: z.optional(LocalPath),
  passphraseFile: z.optional(LocalPath),
  passwordFile: z.optional(LocalPath),
  /** Use the SSH agent of this session. */
  sshAgent: z.optional(z.boolean()),
  /** Outdated algorithms that somebody consented to for this server. */
  legacyAlgorithms: z.optional(z.array(z.enum(legacyAlgorithms)).check(z.maxLength(20))),
};

/** How one server is reached over SSH. */
const ServerAccess = z.strictObject({
  ...signInFields,
  sudo: z.enum(['root', 'passwordless', 'password']),
  /** Password for sudo; that of the login when absent. */
  sudoPasswordFile: z.optional(LocalPath),
  /** Name of the jump host that the connection goes through. */
  jump: z.optional(EntityId),
  /** The console reaches the agents of this server through its SSH server, not by their own ports. */
  agentsThroughSsh: z.optional(z.boolean()),
});
export type ServerAccess = z.infer<typeof ServerAccess>;

/** A name is allowed here: only a person's work depends on a jump host, no lease does. */
const JumpAddress = z.string().check(z.regex(/^[A-Za-z0-9:][A-Za-z0-9:.-]{0,252}$/));

/** An SSH server that others are reached through. Nothing is installed on it and no root is needed. */
const JumpHost = z.strictObject({ address: JumpAddress, ...signInFields });
export type JumpHost = z.infer<typeof JumpHost>;

/** What members sign in to an etcd with: files of this workstation; etcd's own authority, not the site's. */
export const EtcdFiles = z.strictObject({
  authorityFile: LocalPath,
  certificateFile: LocalPath,
  keyFile: LocalPath,
  /** Password of the site document's `user`. */
  passwordFile: z.optional(LocalPath),
});
export type EtcdFiles = z.infer<typeof EtcdFiles>;

/** The way to every server of a site. */
export const siteAccessFields = {
  access: z.record(EntityId, ServerAccess),
  jumpHosts: z.optional(z.record(EntityId, JumpHost)),
  /** Host keys declared lost by their owners: never accepted, whatever is pinned. */
  revokedHostKeys: z.optional(z.array(Fingerprint).check(z.maxLength(1000))),
};
/** The same as a file of its own, in a profile folder; the first versions wrote only its entries. */
export const SiteAccessFile = z.union([
  z.strictObject({ ...siteAccessFields, etcd: z.optional(EtcdFiles) }),
  z.pipe(
    z.record(EntityId, ServerAccess),
    z.transform((access) => ({ access })),
  ),
]);
export interface SiteAccess {
  readonly access: Readonly<Record<string, ServerAccess>>;
  readonly jumpHosts?: Readonly<Record<string, JumpHost>> | undefined;
  readonly revokedHostKeys?: readonly string[] | undefined;
  /** Absent: a witness keeps the leases, or this workstation does not know them. */
  readonly etcd?: EtcdFiles | undefined;
}

/** Every reason why the ways to the servers cannot be used as described. Pure. */
export function accessRefusals({ access, jumpHosts = {} }: SiteAccess): string[] {
  return [
    ...Object.entries(jumpHosts).flatMap(([id, host]) => signInRefusals(`jump host ${id}`, host)),
    ...Object.entries(access).flatMap(([id, one]) => [
      ...signInRefusals(id, one),
      ...rootRefusals(id, one),
      ...(one.jump !== undefined && jumpHosts[one.jump] === undefined
        ? [`access: ${id} goes through the jump host ${one.jump}, which has no entry`]
        : []),
    ]),
  ];
}

function signInRefusals(id: string, access: ServerAccess | JumpHost): string[] {
  if (access.identityFile || access.passwordFile || access.sshAgent === true) return [];
  return [`access: ${id} needs identityFile, passwordFile or sshAgent`];
}

function rootRefusals(id: string, access: ServerAccess): string[] {
  const refusals: string[] = [];
  if (access.sudo === 'password' && !access.sudoPasswordFile && !access.passwordFile) {
    refusals.push(`access: ${id} uses sudo with a password and needs sudoPasswordFile or passwordFile`);
  }
  if (access.sudo === 'root' && access.user !== 'root') {
    refusals.push(`access: ${id} logs in as ${access.user}, so sudo must be passwordless or password`);
  }
  return refusals;
}
