import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket, SecureVersion } from 'node:tls';
import { identityOfSubjectAltName, type Identity } from '../../shared/site/identity.ts';
import type { MetCertificate } from './judge-certificate.ts';

/** Key, certificate and site authority of one program, PEM. */
export interface Credentials {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  readonly identity: Identity;
}

/** Reads `authority.pem`, `certificate.pem` and `key.pem` of a folder. Throws with the file named. */
export function loadCredentials(folder: string): Credentials {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const certificate = read('certificate.pem');
  const identity = identityOfSubjectAltName(new X509Certificate(certificate).subjectAltName);
  if (identity === undefined)
    throw new Error(`${join(folder, 'certificate.pem')} carries no identity of a site`);
  return { authority: read('authority.pem'), certificate, key: read('key.pem'), identity };
}

/** Every connection between programs of a site. */
export const tls13: SecureVersion = 'TLSv1.3';

/** What TLS has met at the other end of this connection, once its handshake is over. */
export function metCertificate(socket: TLSSocket, part: MetCertificate['part']): MetCertificate {
  // A code, against its type, and null when all is well.
  const error = socket.authorizationError as unknown as string | null | undefined;
  return {
    certificate: socket.getPeerX509Certificate(),
    tlsError: socket.authorized ? null : String(error ?? 'UNSPECIFIED'),
    part,
  };
}
