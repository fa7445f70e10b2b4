import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket, SecureVersion } from 'node:tls';
import { identityOfSubjectAltName, identityUri, type Identity } from '../../shared/site/identity.ts';

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

/** How long the own certificate is still taken by others; wall clock, as they judge by it. */
export function certificateLeft({ certificate }: Pick<Credentials, 'certificate'>): () => number {
  const endMs = new X509Certificate(certificate).validToDate.getTime();
  return () => endMs - Date.now();
}

const tls13: SecureVersion = 'TLSv1.3';

/** Options of a server that accepts certificates of this site only. Which identity may do what is checked per call. */
export function serverTls(credentials: Credentials) {
  return {
    ca: credentials.authority,
    cert: credentials.certificate,
    key: credentials.key,
    minVersion: tls13,
    requestCert: true,
    rejectUnauthorized: true,
  };
}

/** Options of a client that speaks to exactly `expected` and to nobody else; names and addresses do not count. */
export function clientTls(credentials: Credentials, expected: Identity) {
  return {
    ca: credentials.authority,
    cert: credentials.certificate,
    key: credentials.key,
    minVersion: tls13,
    servername: '',
    checkServerIdentity: (_name: string, certificate: { subjectaltname?: string | undefined }) => {
      const presented = identityOfSubjectAltName(certificate.subjectaltname);
      if (presented !== undefined && identityUri(presented) === identityUri(expected)) return undefined;
      return new ForeignCertificate(
        identityUri(expected),
        presented ? identityUri(presented) : 'no identity',
      );
    },
  };
}

/** The other side is somebody else than expected. */
export class ForeignCertificate extends Error {
  readonly code = 'IXHA_FOREIGN_CERTIFICATE';
  constructor(expected: string, presented: string) {
    super(`expected ${expected}, met ${presented}`);
  }
}

/** Who is at the other end of an accepted connection; undefined when the certificate names nobody of ours. */
export function identityOfSocket(socket: TLSSocket, site: string): Identity | undefined {
  // Null, against its type, when the connection has ended meanwhile.
  const certificate = socket.getPeerCertificate() as ReturnType<TLSSocket['getPeerCertificate']> | null;
  const identity = identityOfSubjectAltName(certificate?.subjectaltname);
  return identity?.site === site ? identity : undefined;
}
