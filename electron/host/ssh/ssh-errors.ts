import { productError, type ProductError } from '../../../shared/errors.ts';
import type { HostKeyVerdict, PinnedHostKey, PresentedHostKey } from './host-key.ts';
import type { SshTarget } from './server-connection.ts';

type Place = Pick<SshTarget, 'name' | 'address' | 'port' | 'user'>;

/** The sentence for a host key that is not the pinned one. */
export function hostKeyError(
  place: Place,
  verdict: Exclude<HostKeyVerdict, 'match'>,
  pinned: readonly PinnedHostKey[],
  presented: PresentedHostKey,
): ProductError {
  const details = [
    `presented: ${presented.keyType} ${presented.fingerprint}`,
    ...pinned.map((key) => `pinned: ${key.keyType ?? 'any type'} ${key.fingerprint}`),
  ];
  switch (verdict) {
    case 'unknown':
      return productError('ssh.host-key-unknown', `${where(place)} has no pinned host key.`, details);
    case 'changed':
      return productError('ssh.host-key-changed', `${where(place)} presents a changed host key.`, details);
    case 'other-type':
      return productError(
        'ssh.host-key-changed',
        `${where(place)} is pinned under another key type than the ${presented.keyType} it presents.`,
        details,
      );
  }
}

/** Turns what the SSH library says about a connection into one of our sentences. */
export function connectError(place: Place, error: Error & { level?: string; code?: string }): ProductError {
  if (error.level === 'client-authentication') {
    return productError('ssh.authentication', `${where(place)} does not let ${place.user} in.`, [
      error.message,
    ]);
  }
  if (error.level === 'client-timeout' || error.code === 'ETIMEDOUT') {
    return productError('server.timeout', `${where(place)} did not answer in time.`, [error.message]);
  }
  if (/privateKey|passphrase|private key/i.test(error.message)) {
    return productError('ssh.authentication', `${where(place)}: the private key cannot be used.`, [
      error.message,
    ]);
  }
  return productError('server.unreachable', `${where(place)} cannot be reached over SSH.`, [error.message]);
}

export function connectionLost(place: Place, what: string): ProductError {
  return productError('server.unreachable', `${where(place)}: the connection broke during ${what}.`);
}

export function timedOut(place: Place, what: string, timeoutMs: number): ProductError {
  return productError(
    'server.timeout',
    `${where(place)}: ${what} took longer than ${timeoutMs / 1000} s and was given up.`,
  );
}

export function where(place: Place): string {
  return `${place.name} (${place.address} port ${place.port})`;
}
