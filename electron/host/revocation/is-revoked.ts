import { X509Certificate } from 'node:crypto';
import { identityOfSubjectAltName } from '../../../shared/site/identity.ts';
import { revocationOf, type Revocation } from '../../../shared/site/revocation-list.ts';

/** Whether this certificate, as PEM, is revoked. One that cannot be read is not: it is no certificate. Pure. */
export function isRevoked(pem: string, revoked: readonly Revocation[]): boolean {
  try {
    const { subjectAltName, serialNumber: serial, validFromDate } = new X509Certificate(pem);
    const identity = identityOfSubjectAltName(subjectAltName);
    if (identity === undefined) return false;
    const judged = { identity, serial, beginsAtMs: validFromDate.getTime() };
    return revocationOf({ revoked }, judged) !== undefined;
  } catch {
    return false;
  }
}
