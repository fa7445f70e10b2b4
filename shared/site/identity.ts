/**
 * Who a certificate speaks for, written into its subject alternative name as a URI:
 * `ixha://<site>/member/<cluster>/<server>` · `ixha://<site>/witness/<server>` ·
 * `ixha://<site>/console/<role>/<name>`.
 */
export type Identity =
  | { readonly kind: 'member'; readonly site: string; readonly cluster: string; readonly server: string }
  | { readonly kind: 'witness'; readonly site: string; readonly server: string }
  | { readonly kind: 'console'; readonly site: string; readonly role: ConsoleRole; readonly name: string };

export const consoleRoles = ['viewer', 'operator', 'admin'] as const;
export type ConsoleRole = (typeof consoleRoles)[number];

export function identityUri(identity: Identity): string {
  const base = `ixha://${identity.site}`;
  switch (identity.kind) {
    case 'member':
      return `${base}/member/${identity.cluster}/${identity.server}`;
    case 'witness':
      return `${base}/witness/${identity.server}`;
    case 'console':
      return `${base}/console/${identity.role}/${identity.name}`;
  }
}

const part = '([A-Za-z0-9][A-Za-z0-9_-]*)';
const patterns = {
  member: new RegExp(`^ixha://${part}/member/${part}/${part}$`),
  witness: new RegExp(`^ixha://${part}/witness/${part}$`),
  console: new RegExp(`^ixha://${part}/console/(viewer|operator|admin)/${part}$`),
};

/** Reads an identity URI; `undefined` for anything that is not exactly one of ours. */
export function parseIdentityUri(uri: string): Identity | undefined {
  const member = patterns.member.exec(uri);
  if (member) return { kind: 'member', site: member[1]!, cluster: member[2]!, server: member[3]! };
  const witness = patterns.witness.exec(uri);
  if (witness) return { kind: 'witness', site: witness[1]!, server: witness[2]! };
  const console = patterns.console.exec(uri);
  if (console)
    return { kind: 'console', site: console[1]!, role: console[2] as ConsoleRole, name: console[3]! };
  return undefined;
}

/** The identity in a certificate's `subjectaltname` text as Node's TLS gives it: exactly one URI of ours. */
export function identityOfSubjectAltName(subjectAltName: string | undefined): Identity | undefined {
  const uris = (subjectAltName ?? '')
    .split(', ')
    .filter((entry) => entry.startsWith('URI:'))
    .map((entry) => entry.slice('URI:'.length));
  const only = uris[0];
  return uris.length === 1 && only !== undefined ? parseIdentityUri(only) : undefined;
}
