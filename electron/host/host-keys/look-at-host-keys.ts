import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import { serversInUse, waysOf, type SiteInstallFile } from '../install/install-file.ts';
import { sshTarget, type SignInHelp } from '../install/ssh-targets.ts';
import { judgeHostKey, pinnedKeyText, type PresentedHostKey } from '../ssh/host-key.ts';
import { knownKeys, type KnownHosts } from '../ssh/known-hosts.ts';
import type { SshPlace } from '../ssh/server-connection.ts';
import type { SessionPool } from '../ssh/session-pool.ts';
import { presentedHostKey } from '../ssh/ssh-client.ts';
import { hostKeyError, where } from '../ssh/ssh-errors.ts';

/** One server's host key as seen now, beside what is pinned and what a known_hosts file says. */
export interface SeenHostKey {
  readonly place: Pick<SshPlace, 'name' | 'address' | 'port' | 'user'>;
  /** Where it is written in the site file. */
  readonly entry: { readonly kind: 'access' | 'jumpHosts'; readonly id: string };
  readonly presented: PresentedHostKey;
  readonly verdict: 'match' | 'unknown';
  readonly known: KnownVerdict;
}

/** confirmed: known_hosts has this key for the server · silent: it has none, or none was given. */
export type KnownVerdict = 'confirmed' | 'silent';

export interface HostKeyPorts {
  readonly pool: SessionPool;
  readonly help: SignInHelp;
  readonly known: KnownHosts | undefined;
}

/**
 * Asks every server and jump host for its host key, all at once, and sends nothing to them. A key that is
 * changed, declared lost, or contradicted by known_hosts is an error with its own sentence.
 */
export async function lookAtHostKeys(
  document: SiteInstallFile,
  ports: HostKeyPorts,
): Promise<Result<SeenHostKey, ProductError>[]> {
  const used = serversInUse(document.site);
  const servers = document.site.servers.filter((server) => used.includes(server.id));
  const targets = await Promise.all(
    servers.map(async (server) => [server, await targetOf(document, server, ports.help)] as const),
  );
  const jumps = new Map<string, Promise<Result<SeenHostKey, ProductError>>>();
  const seen = targets.map(async ([server, target]) => {
    if (!target.ok) return target;
    const { jump } = target.value;
    const jumpId = document.access[server.id]?.jump;
    if (jump && jumpId !== undefined && !jumps.has(jumpId)) {
      jumps.set(jumpId, lookAtOne(jump, { kind: 'jumpHosts', id: jumpId }, ports));
    }
    const over = jumpId === undefined ? undefined : await jumps.get(jumpId);
    if (over && (!over.ok || over.value.verdict !== 'match')) return fail(behindJump(target.value));
    return lookAtOne(target.value, { kind: 'access', id: server.id }, ports);
  });
  const servants = await Promise.all(seen);
  return [...(await Promise.all(jumps.values())), ...servants];
}

function targetOf(document: SiteInstallFile, server: Server, help: SignInHelp) {
  return sshTarget(server, waysOf(document), help);
}

async function lookAtOne(
  target: SshPlace,
  entry: SeenHostKey['entry'],
  { pool, known }: HostKeyPorts,
): Promise<Result<SeenHostKey, ProductError>> {
  const way = await pool.way(target);
  if (!way.ok) return way;
  const presented = await presentedHostKey(target, way.value);
  if (!presented.ok) return presented;
  const said = known && knownKeys(known, [target.address, target.name], target.port);
  const revoked = [...(target.revoked ?? []), ...(said?.revoked ?? [])];
  const verdict = judgeHostKey(target.pinned, presented.value, revoked);
  if (verdict !== 'match' && verdict !== 'unknown') {
    return fail(hostKeyError(target, verdict, target.pinned, presented.value));
  }
  const byKnown = judgeHostKey(said?.keys ?? [], presented.value);
  if (byKnown === 'changed' || byKnown === 'other-type') {
    const others = said!.keys.map((key) => `known_hosts: ${pinnedKeyText(key)}`);
    const message = `${where(target)} presents another key than known_hosts has for it.`;
    return fail(
      productError('ssh.host-key-changed', message, [
        `presented: ${pinnedKeyText(presented.value)}`,
        ...others,
      ]),
    );
  }
  return succeed({
    place: target,
    entry,
    presented: presented.value,
    verdict,
    known: byKnown === 'match' ? 'confirmed' : 'silent',
  });
}

function behindJump(target: SshPlace): ProductError {
  const said = `${where(target)} was not asked: the key of its jump host is not pinned.`;
  return productError(
    'ssh.host-key-unknown',
    said,
    [],
    'Pin the key of the jump host first, then look again.',
  );
}
