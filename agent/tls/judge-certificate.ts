import type { X509Certificate } from 'node:crypto';
import { identityOfSubjectAltName, type Identity } from '../../shared/site/identity.ts';

/** A certificate, or that of the authority, that is good in everything but its time, by the clock of this server. */
export interface TimeFault {
  readonly whose: 'certificate' | 'authority';
  readonly fault: 'ended' | 'not-begun';
  /** When it ended, or when it begins. */
  readonly at: Date;
}

/** What TLS has met at the other end of a connection. */
export interface MetCertificate {
  /** Undefined: it has shown none. */
  readonly certificate: X509Certificate | undefined;
  /** Why TLS does not trust it; null: it does. Of several faults TLS names one only. */
  readonly tlsError: string | null;
  readonly part: 'server' | 'client';
}

export type CertificateVerdict =
  | { readonly kind: 'trusted'; readonly identity: Identity }
  /** Outside its time, which does not keep members and lease store apart. */
  | { readonly kind: 'excused'; readonly identity: Identity; readonly fault: TimeFault }
  /** Outside its time, with a console at one of the two ends. */
  | { readonly kind: 'out-of-time'; readonly identity: Identity; readonly fault: TimeFault }
  /** Trusted, but it names nobody of this site. */
  | { readonly kind: 'nobody'; readonly identity: Identity | undefined }
  | { readonly kind: 'refused'; readonly why: string };

const timeErrors: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];
const usages = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/** Why a revoked certificate is refused, as TLS would say it. */
export const revokedCode = 'CERT_REVOKED';

/** Whoever judges: its authority, its own identity, and what its site has revoked. */
export interface Judge {
  readonly authority: X509Certificate;
  readonly identity: Identity;
  readonly isRevoked: (certificate: X509Certificate, identity: Identity) => boolean;
}

/**
 * Who is at the other end, and whether to go on with it. What the site has revoked is refused before all else. Whatever
 * TLS finds wrong refuses, except the time of a certificate: since TLS names only one fault of several, everything else
 * is verified here once more. Never throws, whatever a stranger has put into a certificate.
 */
export function judgeCertificate(...met: Parameters<typeof judged>): CertificateVerdict {
  try {
    return judged(...met);
  } catch (error) {
    return { kind: 'refused', why: `its certificate cannot be read (${String(error)})` };
  }
}

function judged(
  { certificate, tlsError, part }: MetCertificate,
  own: Judge,
  nowMs: number,
): CertificateVerdict {
  if (certificate === undefined) return { kind: 'refused', why: tlsError ?? 'it shows no certificate' };
  const identity = identityOfSubjectAltName(certificate.subjectAltName);
  if (identity !== undefined && own.isRevoked(certificate, identity)) {
    return { kind: 'refused', why: revokedCode };
  }
  const ofThisSite = identity?.site === own.identity.site;
  if (tlsError === null) {
    return ofThisSite ? { kind: 'trusted', identity } : { kind: 'nobody', identity };
  }
  if (!timeErrors.includes(tlsError) || !ofThisSite || !issuedBy(own.authority, certificate, part)) {
    return { kind: 'refused', why: tlsError };
  }
  const fault = timeFault('certificate', certificate, nowMs) ?? timeFault('authority', own.authority, nowMs);
  // TLS has seen what we do not see: nothing that could be excused.
  if (fault === null) return { kind: 'refused', why: tlsError };
  const withConsole = own.identity.kind === 'console' || identity.kind === 'console';
  return { kind: withConsole ? 'out-of-time' : 'excused', identity, fault };
}

/** All that the authority's signature says, except for the time: it issued exactly this, for this part of TLS. */
function issuedBy(
  authority: X509Certificate,
  certificate: X509Certificate,
  part: MetCertificate['part'],
): boolean {
  return (
    authority.ca &&
    authority.checkIssued(authority) &&
    authority.verify(authority.publicKey) &&
    !certificate.ca &&
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey) &&
    hasUsage(certificate, usages[part])
  );
}

function hasUsage({ keyUsage }: X509Certificate, usage: string): boolean {
  // Absent, against its type, where the certificate restricts nothing; ours always do.
  return (keyUsage as string[] | undefined)?.includes(usage) === true;
}

function timeFault(
  whose: TimeFault['whose'],
  { validFromDate, validToDate }: X509Certificate,
  nowMs: number,
): TimeFault | null {
  if (validToDate.getTime() <= nowMs) return { whose, fault: 'ended', at: validToDate };
  if (validFromDate.getTime() > nowMs) return { whose, fault: 'not-begun', at: validFromDate };
  return null;
}
