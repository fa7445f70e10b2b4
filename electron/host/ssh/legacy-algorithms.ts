import type { Algorithms } from 'ssh2';
import type { PinnedHostKey } from './host-key.ts';

/**
 * Algorithms that are no longer safe and that old servers still need, by what they are for. None is
 * offered unless somebody consented to it for that one server.
 */
const legacy = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa', 'ssh-dss'],
  cipher: ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-96', 'hmac-md5'],
} as const;

type Purpose = keyof typeof legacy;
export type LegacyAlgorithm = (typeof legacy)[Purpose][number];

export const legacyAlgorithms: readonly LegacyAlgorithm[] = Object.values(legacy).flat();

/** Host key algorithms by the type of the key, in the order in which they are offered. */
const hostKeyAlgorithms = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
] as const;

/**
 * What is offered to a server: the library's own list without the signature by SHA-1, with what was
 * consented to at its end. Key types that are pinned come first, so that a server with several keys
 * presents one that can be compared. Only append and remove are used: the list itself stays the library's.
 */
export function offeredAlgorithms(
  pinned: readonly PinnedHostKey[],
  consented: readonly LegacyAlgorithm[],
): Algorithms {
  const types = new Set(pinned.flatMap((key) => key.keyType ?? []));
  const behind = hostKeyAlgorithms
    .filter(([type]) => types.size > 0 && !types.has(type))
    .flatMap(([, names]) => names);
  const agreed = (purpose: Purpose) =>
    (legacy[purpose] as readonly LegacyAlgorithm[]).filter((name) => consented.includes(name));
  // Its types ask for all three of append, prepend and remove, its code does not.
  return {
    kex: { append: agreed('kex') },
    // Removed first, then appended again: that moves them behind the pinned ones.
    serverHostKey: { remove: ['ssh-rsa', ...behind], append: [...behind, ...agreed('serverHostKey')] },
    cipher: { append: agreed('cipher') },
    hmac: { append: agreed('hmac') },
  } as unknown as Algorithms;
}

/** What two sides could not agree on, by the words of the library's error and of its handshake notes. */
const disagreements = [
  [/key exchange algorithm/, 'key exchange', /\(remote\) KEX method: (\S*)/],
  [/host key format/, 'host key', /\(remote\) Host key format: (\S*)/],
  [/cipher/, 'cipher', /\(remote\) [SC]->[SC] cipher: (\S*)/],
  [/MAC/, 'integrity check', /\(remote\) [SC]->[SC] MAC: (\S*)/],
] as const;

export interface Disagreement {
  readonly what: string;
  /** Everything the server offers for it. */
  readonly offered: readonly string[];
  /** Those of them that could be consented to. */
  readonly possible: readonly LegacyAlgorithm[];
}

/** What a failed handshake was about; undefined when it was not about algorithms. Pure. */
export function disagreementOf(message: string, notes: readonly string[]): Disagreement | undefined {
  const found = disagreements.find(([words]) => message.includes('no matching') && words.test(message));
  if (!found) return undefined;
  const offered = notes.flatMap((note) => found[2].exec(note)?.[1]?.split(',') ?? []);
  const names = [...new Set(offered)].filter((name) => name !== '').map((name) => name.slice(0, 80));
  return {
    what: found[1],
    offered: names.slice(0, 20),
    possible: legacyAlgorithms.filter((name) => names.includes(name)),
  };
}

/** The outdated ones among what was agreed on. */
export function legacyAmong(agreed: readonly string[]): LegacyAlgorithm[] {
  return legacyAlgorithms.filter((name) => agreed.includes(name));
}
