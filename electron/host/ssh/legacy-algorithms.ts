import type { Algorithms } from 'ssh2';
import {
  legacyAlgorithms,
  legacyByPurpose as legacy,
  type LegacyAlgorithm,
  type LegacyPurpose as Purpose,
} from '../../../shared/site/legacy-algorithms.ts';
import type { PinnedHostKey } from './host-key.ts';

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
