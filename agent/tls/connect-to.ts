import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { identityUri, type Identity } from '../../shared/site/identity.ts';
import { metCertificate, tls13 } from './credentials.ts';
import { judgeOf, type TlsSide } from './tls-side.ts';
import { judgeCertificate, revokedCode } from './judge-certificate.ts';
import { timeFaultWords } from './time-fault-words.ts';

/** Where the TLS session runs: an address, or a stream that leads there. */
export type TlsPlace =
  Pick<ConnectionOptions, 'host' | 'port' | 'timeout'> | Pick<ConnectionOptions, 'socket'>;

/**
 * Opens a TLS connection to exactly `expected` and to nobody else; names and addresses do not count. A server that is
 * not accepted is cut off when the handshake ends, where Node itself would refuse it.
 */
export function connectTo(side: TlsSide, expected: Identity, place: TlsPlace): TLSSocket {
  const { credentials } = side;
  const socket = connect({
    ...place,
    ca: credentials.authority,
    cert: credentials.certificate,
    key: credentials.key,
    minVersion: tls13,
    servername: '',
    // Judged below, by stricter rules than names and by laxer ones than time.
    checkServerIdentity: () => undefined,
    rejectUnauthorized: false,
  });
  socket.prependOnceListener('secureConnect', () => {
    const fault = faultOfServer(socket, side, expected);
    if (fault !== null) socket.destroy(fault);
  });
  return socket;
}

function faultOfServer(socket: TLSSocket, side: TlsSide, expected: Identity): Error | null {
  const met = metCertificate(socket, 'server');
  const verdict = judgeCertificate(met, judgeOf(side), Date.now());
  if (verdict.kind === 'refused') return new RefusedCertificate(verdict.why);
  const { identity } = verdict;
  if (identity === undefined || identityUri(identity) !== identityUri(expected)) {
    return new ForeignCertificate(identityUri(expected), identity ? identityUri(identity) : 'no identity');
  }
  if (verdict.kind === 'out-of-time') return new EndedCertificate(timeFaultWords(identity, verdict.fault));
  if (verdict.kind === 'excused') side.onExcused(identity, verdict.fault);
  side.revocations.watch(socket, met.certificate!, identity);
  return null;
}

/** The other side is somebody else than expected. */
class ForeignCertificate extends Error {
  readonly code = 'IXHA_FOREIGN_CERTIFICATE';
  constructor(expected: string, presented: string) {
    super(`expected ${expected}, met ${presented}`);
  }
}

/** The other side is who it should be, outside the time of its certificate; the message is a sentence of ours. */
class EndedCertificate extends Error {
  readonly code = 'IXHA_ENDED_CERTIFICATE';
}

/** The other side has no certificate of this site; the code is that of TLS. */
class RefusedCertificate extends Error {
  readonly code: string;
  constructor(why: string) {
    super(why === revokedCode ? 'its certificate was revoked' : `its certificate is refused: ${why}`);
    this.code = why;
  }
}
