import { X509Certificate } from 'node:crypto';
import type { Credentials } from './credentials.ts';
import type { Judge } from './judge-certificate.ts';
import type { Revocations } from './revocations.ts';
import type { OnExcused } from './time-fault-words.ts';

/** What a program brings to every connection with another one of its site. */
export interface TlsSide {
  readonly credentials: Credentials;
  readonly revocations: Revocations;
  /** Hears of certificates that were accepted outside their time. */
  readonly onExcused: OnExcused;
}

/** How this side judges certificates. */
export function judgeOf({ credentials, revocations }: TlsSide): Judge {
  return {
    authority: new X509Certificate(credentials.authority),
    identity: credentials.identity,
    isRevoked: (certificate, identity) => revocations.isRevoked(certificate, identity),
  };
}

/** What snapshots tell of the own certificate and of what is revoked. */
export interface CertificateTold {
  readonly certificateEndsInMs: number;
  /** Only while it has not begun: that clock is wrong. */
  readonly certificateBeginsInMs?: number;
  readonly revocations: number;
  readonly certificateRevoked?: true;
}

/** Wall clock, as others judge by it. */
export function certificateTold({ credentials, revocations }: TlsSide): () => CertificateTold {
  const own = new X509Certificate(credentials.certificate);
  const { validFromDate, validToDate } = own;
  return () => {
    const nowMs = Date.now();
    const beginsInMs = validFromDate.getTime() - nowMs;
    return {
      certificateEndsInMs: validToDate.getTime() - nowMs,
      ...(beginsInMs > 0 ? { certificateBeginsInMs: beginsInMs } : {}),
      revocations: revocations.number(),
      ...(revocations.isRevoked(own, credentials.identity) ? { certificateRevoked: true } : {}),
    };
  };
}
