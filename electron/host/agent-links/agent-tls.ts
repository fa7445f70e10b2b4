import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import { identityOfSubjectAltName, identityUri } from '../../../shared/site/identity.ts';
import { revocationOf, type Revocation } from '../../../shared/site/revocation-list.ts';

/** The console's own proof, and the only authority it believes, as PEM. */
export interface ConsoleCredentials {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  /** What the site has revoked, as far as this workstation knows; absent: nothing. */
  readonly revoked?: readonly Revocation[];
}

/** The certificate is valid in the site, but speaks for somebody else. */
export class ForeignIdentity extends Error {
  readonly code = 'IXHA_FOREIGN';
}

/** The certificate is of whom it should be, and was revoked. */
export class RevokedIdentity extends Error {
  readonly code = 'IXHA_REVOKED';
}

/**
 * TLS options of every connection to an agent. Trust is the site authority alone; names are not used:
 * agents are reached by address, and what counts is the identity in the certificate.
 *
 * Node does not call `checkServerIdentity` again on a resumed session, so connections with these
 * options must not share a session cache (no keep-alive agent).
 */
export function agentTlsOptions(credentials: ConsoleCredentials, identity: string): ConnectionOptions {
  return {
    ca: [credentials.authority],
    cert: credentials.certificate,
    key: credentials.key,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    rejectUnauthorized: true,
    servername: '',
    checkServerIdentity: (_name, certificate) =>
      identityFault(certificate, identity) ?? revocationFault(certificate, credentials),
  };
}

function revocationFault(
  { subjectaltname, serialNumber: serial, valid_from: begins }: PeerCertificate,
  { revoked = [] }: ConsoleCredentials,
): RevokedIdentity | undefined {
  const identity = identityOfSubjectAltName(subjectaltname);
  if (identity === undefined) return undefined;
  const found = revocationOf({ revoked }, { identity, serial, beginsAtMs: Date.parse(begins) });
  return found === undefined ? undefined : new RevokedIdentity(`revoked on ${found.at}: ${found.why}`);
}

/** Undefined when the certificate speaks for exactly the expected identity. */
export function identityFault(
  certificate: Pick<PeerCertificate, 'subjectaltname'>,
  expected: string,
): ForeignIdentity | undefined {
  const identity = identityOfSubjectAltName(certificate.subjectaltname);
  const uri = identity === undefined ? undefined : identityUri(identity);
  if (uri === expected) return undefined;
  return new ForeignIdentity(`its certificate is for ${uri ?? 'no identity of a site'}, not for ${expected}`);
}
