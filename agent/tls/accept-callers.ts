import { X509Certificate } from 'node:crypto';
import type { Server, TLSSocket } from 'node:tls';
import { metCertificate, tls13, type Credentials } from './credentials.ts';
import { judgeCertificate, type CertificateVerdict } from './judge-certificate.ts';
import type { OnExcused } from './time-fault-words.ts';

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
 * Cuts off whoever has no certificate of this site's authority, before the server hears anything from them. Which
 * identity may do what is checked per call.
 */
export function acceptCallers(server: Server, credentials: Credentials, onExcused: OnExcused): void {
  const own = { authority: new X509Certificate(credentials.authority), identity: credentials.identity };
  const serve = server.listeners('secureConnection') as ((this: Server, socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    const verdict = judgeCertificate(metCertificate(socket, 'client'), own, Date.now());
    if (verdict.kind === 'refused') return void socket.destroy();
    if (verdict.kind === 'excused') onExcused(verdict.identity, verdict.fault);
    callers.set(socket, verdict);
    for (const listener of serve) listener.call(server, socket);
  });
}

/** Who is at the other end of a connection that `acceptCallers` let in. */
export function callerOf(socket: object): Caller {
  return callers.get(socket) ?? { kind: 'nobody', identity: undefined };
}
