import { productError, type ProductError } from '../../../shared/errors.ts';
import { disagreementOf, type Disagreement } from './legacy-algorithms.ts';
import type { HostKeyVerdict, PinnedHostKey, PresentedHostKey } from './host-key.ts';
import type { SshPlace } from './server-connection.ts';

type Place = Pick<SshPlace, 'name' | 'address' | 'port' | 'user'>;

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
    case 'revoked':
      return productError(
        'ssh.host-key-revoked',
        `${where(place)} presents a key that was declared lost.`,
        details,
      );
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
export function connectError(
  place: Place,
  error: Error & { level?: string; code?: string },
  notes: readonly string[],
): ProductError {
  const { message, code } = error;
  const disagreement = disagreementOf(message, notes);
  if (disagreement) return algorithmsError(place, disagreement);
  if (/too many authentication failures/i.test(message)) {
    return productError('ssh.authentication', `${where(place)} does not let ${place.user} in.`, [message]);
  }
  if (error.level === 'client-timeout' || code === 'ETIMEDOUT') {
    return productError('server.timeout', `${where(place)} did not answer in time.`, [message]);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return productError(
      'server.unreachable',
      `The name ${place.address} of ${place.name} is not known here.`,
      [message],
    );
  }
  return productError('server.unreachable', `${where(place)} cannot be reached over SSH.`, [message]);
}

function algorithmsError(place: Place, { what, offered, possible }: Disagreement): ProductError {
  const said = `${where(place)} offers only outdated algorithms for the ${what}.`;
  const list = offered.length > 0 ? [`offered: ${offered.join(', ')}`] : [];
  if (possible.length === 0) {
    const unknown = `${where(place)} and this console have no algorithm for the ${what} in common.`;
    return productError('ssh.algorithms', unknown, list, 'Bring the SSH server there up to date.');
  }
  const consent = `"legacyAlgorithms": [${possible.map((name) => `"${name}"`).join(', ')}]`;
  const next = `Bring the SSH server there up to date, or accept the risk for this server alone: ${consent}.`;
  return productError('ssh.algorithms', said, list, next);
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
