import type { Server, TLSSocket } from 'node:tls';
import { metCertificate, tls13, type Credentials } from './credentials.ts';
import { judgeOf, type TlsSide } from './tls-side.ts';
import { judgeCertificate, type CertificateVerdict } from './judge-certificate.ts';

/** Options of a server whose callers `acceptCallers` judges. */
export function serverTls(credentials: Credentials) {
  return {
    ca: credentials.authority,
    cert: credentials.certificate,
    key: credentials.key,
    minVersion: tls13,
    requestCert: true,
    rejectUnauthorized: false,
  };
}

/** Who calls; without those that are cut off at once. */
type Caller = Exclude<CertificateVerdict, { kind: 'refused' }>;

const callers = new WeakMap<object, Caller>();

/**
 * Cuts off whoever has no certificate of this site's authority, or a revoked one, before the server hears anything from
 * them; and later, when it is revoked. Which identity may do what is checked per call.
 */
export function acceptCallers(server: Server, side: TlsSide): void {
  const judge = judgeOf(side);
  const serve = server.listeners('secureConnection') as ((this: Server, socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    const met = metCertificate(socket, 'client');
    const verdict = judgeCertificate(met, judge, Date.now());
    if (verdict.kind === 'refused') return void socket.destroy();
    if (verdict.kind === 'excused') side.onExcused(verdict.identity, verdict.fault);
    if (verdict.identity !== undefined) side.revocations.watch(socket, met.certificate!, verdict.identity);
    callers.set(socket, verdict);
    for (const listener of serve) listener.call(server, socket);
  });
}

/** Who is at the other end of a connection that `acceptCallers` let in. */
export function callerOf(socket: object): Caller {
  return callers.get(socket) ?? { kind: 'nobody', identity: undefined };
}
