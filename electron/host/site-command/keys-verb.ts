import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { lookAtHostKeys, type SeenHostKey } from '../host-keys/look-at-host-keys.ts';
import { chosenKeys, pinHostKeys } from '../host-keys/pin-host-keys.ts';
import type { SiteInstallFile } from '../install/install-file.ts';
import type { SignInHelp } from '../install/ssh-targets.ts';
import { pinnedKeyText } from '../ssh/host-key.ts';
import { parseKnownHosts, type KnownHosts } from '../ssh/known-hosts.ts';
import type { SessionPool } from '../ssh/session-pool.ts';
import { where } from '../ssh/ssh-errors.ts';
import type { SiteCommand } from './commands.ts';

const mostMalformedTold = 20;

/**
 * `site keys`: shows the host key of every server with its verdict, and pins those that were compared.
 * Answers its lines when every key is pinned and matches; otherwise every reason, after its lines were told.
 */
export async function showKeys(
  command: Extract<SiteCommand, { verb: 'keys' }>,
  document: SiteInstallFile,
  pool: SessionPool,
  help: SignInHelp,
  say: (line: string) => void,
): Promise<Result<string[], ProductError[]>> {
  const known = await readKnownHosts(command.knownHosts);
  if (!known.ok) return fail([known.error]);
  const results = await lookAtHostKeys(document, { pool, help, known: known.value });
  const seen = results.flatMap((result) => (result.ok ? [result.value] : []));
  const errors = results.flatMap((result) => (result.ok ? [] : [result.error]));
  const pinned = chosenKeys(seen, command.pins);
  if (pinned.length > 0) await pinHostKeys(command.file, pinned);
  const notFound = command.pins.filter(
    (pin) => pin !== 'known-hosts' && !seen.some(({ presented }) => presented.fingerprint === pin),
  );
  const unknown = seen.filter((one) => one.verdict === 'unknown' && !pinned.includes(one));
  for (const one of seen.filter((candidate) => !unknown.includes(candidate))) {
    say(
      `${pinned.includes(one) ? 'pinned now' : 'match     '} ${one.place.name}: ${pinnedKeyText(one.presented)}`,
    );
  }
  for (const line of malformedLines(known.value)) say(line);
  const missing = notFound.map((pin) => productError('ssh.host-key-unknown', `No server presents ${pin}.`));
  const all = [...errors, ...unknown.map((one) => unknownKey(one, command.file)), ...missing];
  return all.length > 0 ? fail(all) : succeed(['Every server presents its pinned key.']);
}

function unknownKey({ place, presented, known }: SeenHostKey, file: string): ProductError {
  const confirmed = known === 'confirmed';
  return productError(
    'ssh.host-key-unknown',
    `${where(place)} has no pinned host key.`,
    [
      `presented: ${pinnedKeyText(presented)}`,
      confirmed ? 'known_hosts has this very key for it' : 'no known_hosts file confirms it',
    ],
    confirmed
      ? `Pin it: site keys ${file} --known-hosts FILE --pin known-hosts.`
      : `Compare it on the server's own screen (ssh-keygen -lf), then pin it: site keys ${file} --pin ${presented.fingerprint}.`,
  );
}

async function readKnownHosts(
  path: string | undefined,
): Promise<Result<KnownHosts | undefined, ProductError>> {
  if (path === undefined) return succeed(undefined);
  try {
    return succeed(parseKnownHosts(await readFile(path, 'utf8')));
  } catch (cause) {
    const said = `The known_hosts file ${path} cannot be read.`;
    return fail(productError('site.missing', said, [(cause as Error).message]));
  }
}

function malformedLines(known: KnownHosts | undefined): string[] {
  if (!known) return [];
  const { entries, malformed } = known;
  const authorities = entries.filter((entry) => entry.marker === 'cert-authority').length;
  const told = malformed
    .slice(0, mostMalformedTold)
    .map(({ line, why }) => `known_hosts line ${line}: ${why}`);
  const more = malformed.length - told.length;
  return [
    `known_hosts: ${entries.length} entries read, ${malformed.length} not understood`,
    ...(authorities > 0
      ? [`known_hosts: ${authorities} of them name a certificate authority, which is not used`]
      : []),
    ...told,
    ...(more > 0 ? [`known_hosts: and ${more} more lines not understood`] : []),
  ];
}
