import { createHash } from 'node:crypto';

/** A host key as its owner confirmed it. Without `keyType` it may be of any type. */
export interface PinnedHostKey {
  readonly keyType?: string;
  /** `SHA256:` and 43 characters of base64, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
}

export interface PresentedHostKey {
  readonly keyType: string;
  readonly fingerprint: string;
}

/**
 * match: go on · revoked: its owner has declared this key lost, whatever else is pinned · changed:
 * another key than the pinned one · other-type: the server is pinned, but only under another key type,
 * which is treated like changed · unknown: nothing was pinned.
 */
export type HostKeyVerdict = 'match' | 'revoked' | 'changed' | 'other-type' | 'unknown';

/** Judges the key a server presents against the pinned ones and the fingerprints declared lost. Pure. */
export function judgeHostKey(
  pinned: readonly PinnedHostKey[],
  presented: PresentedHostKey,
  revoked: readonly string[] = [],
): HostKeyVerdict {
  if (revoked.includes(presented.fingerprint)) return 'revoked';
  if (pinned.length === 0) return 'unknown';
  const sameType = pinned.filter((key) => key.keyType === undefined || key.keyType === presented.keyType);
  if (sameType.some((key) => key.fingerprint === presented.fingerprint)) return 'match';
  return sameType.length > 0 ? 'changed' : 'other-type';
}

/** Reads type and fingerprint from a public key as it travels in the SSH protocol. */
export function describeHostKey(blob: Uint8Array): PresentedHostKey {
  const bytes = Buffer.from(blob);
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  const digest = createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
  return {
    keyType: bytes.subarray(4, 4 + Math.min(length, 64)).toString('latin1'),
    fingerprint: `SHA256:${digest}`,
  };
}

/** Reads a pin as it stands in a site file: `SHA256:…`, or `ssh-ed25519 SHA256:…`. */
export function readPinnedKey(text: string): PinnedHostKey {
  const [first, second] = text.split(' ');
  return second === undefined ? { fingerprint: first! } : { keyType: first!, fingerprint: second };
}

/** The same pin as text. */
export function pinnedKeyText(key: PinnedHostKey): string {
  return key.keyType === undefined ? key.fingerprint : `${key.keyType} ${key.fingerprint}`;
}
