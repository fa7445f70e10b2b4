import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { DraftJumpHost, DraftServer, SetupDraft } from '../../../shared/setup/draft.ts';
import type { KnownHostsFound } from '../../../shared/setup/setup-view.ts';
import { ownPath } from '../own-path.ts';
import { pinnedKeyText } from '../ssh/host-key.ts';
import { knownKeys, parseKnownHosts, type KnownHosts } from '../ssh/known-hosts.ts';

/** Which of several keys is taken: the one that is offered to the server first. */
const preferred = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];
const mostRevoked = 1_000;

/** Reads a known_hosts file of this workstation; `~/` is the person's own folder. Errors: site.missing. */
export async function readKnownHosts(file: string): Promise<Result<KnownHosts, ProductError>> {
  const path = ownPath(file);
  try {
    return succeed(parseKnownHosts(await readFile(path, 'utf8')));
  } catch (cause) {
    const said = `The known_hosts file ${path} cannot be read.`;
    return fail(productError('site.missing', said, [(cause as Error).message]));
  }
}

/**
 * Takes over the keys that a known_hosts file has for servers and jump hosts without a trusted one. A key that is
 * trusted already is never changed by it: another one in the file is told. Pure.
 */
export function withKnownHosts(
  draft: SetupDraft,
  known: KnownHosts,
  file: string,
): { readonly draft: SetupDraft; readonly found: KnownHostsFound } {
  const found = { pinned: [] as string[], silent: [] as string[], contradicted: [] as string[] };
  const revoked = known.entries.flatMap((entry) => (entry.marker === 'revoked' ? entry.key.fingerprint : []));
  const take = <Place extends DraftServer | DraftJumpHost>(place: Place): Place => {
    const { name, address, ssh } = place;
    const { keys, revoked: lost } = knownKeys(known, [address, name].filter(Boolean), ssh.port ?? 22);
    const usable = keys.filter(({ fingerprint }) => !lost.includes(fingerprint));
    const rank = (type: string) => (preferred.indexOf(type) + preferred.length + 1) % (preferred.length + 1);
    const [best] = usable.toSorted((one, other) => rank(one.keyType) - rank(other.keyType));
    const shown = name || address;
    if (!best) {
      found.silent.push(shown);
      return place;
    }
    if (ssh.hostKey !== null) {
      if (!usable.some((key) => ssh.hostKey!.endsWith(key.fingerprint))) found.contradicted.push(shown);
      return place;
    }
    found.pinned.push(shown);
    return { ...place, ssh: { ...ssh, hostKey: pinnedKeyText(best) } };
  };
  const next = { ...draft, jumpHosts: draft.jumpHosts.map(take), servers: draft.servers.map(take) };
  const lost = [...new Set([...draft.revokedHostKeys, ...revoked])].slice(0, mostRevoked);
  return {
    draft: { ...next, revokedHostKeys: lost },
    found: { file, ...found, malformed: known.malformed.length, revoked: revoked.length },
  };
}
