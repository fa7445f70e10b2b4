import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Identity } from '../../shared/site/identity.ts';
import type { TlsPlace } from '../tls/connect-to.ts';

/** What a caller asks for with the HTTP upgrade that becomes a raw stream. */
export const tunnelProtocol = 'ixha-relay';

/** Opens a TLS connection to exactly this identity, and judges it. */
export type OpenTls = (expected: Identity, place: TlsPlace) => TLSSocket;

/** Who relays a raw stream to a place that only it knows. */
export interface TunnelTarget {
  readonly expected: Identity;
  readonly address: string;
  readonly port: number;
  readonly path: string;
}

export interface TunnelEvents {
  readonly onOpen: (stream: Duplex) => void;
  readonly onError: (error: Error) => void;
}

/**
 * Opens a raw stream through another agent. Exactly one of the events follows, at the latest after `limitMs`.
 * Answers with a function that gives the attempt up; after that no event follows.
 */
export function openTunnel(
  open: OpenTls,
  { expected, address, port, path }: TunnelTarget,
  limitMs: number,
  events: TunnelEvents,
): () => void {
  let settled = false;
  const once = (tell: () => void) => {
    if (settled) return;
    settled = true;
    clearTimeout(limit);
    tell();
  };
  const call = request({
    createConnection: () => open(expected, { host: address, port }),
    host: address,
    port,
    path,
    headers: { connection: 'Upgrade', upgrade: tunnelProtocol },
  });
  const giveUp = (error: Error) => {
    once(() => events.onError(error));
    call.destroy();
  };
  const limit = setTimeout(() => giveUp(new Error('the relay gave no answer in time')), limitMs);
  call.on('upgrade', (_response, socket, head) => {
    // Nothing may be lost between here and the listeners of whoever takes the stream.
    socket.on('error', () => socket.destroy());
    if (settled) return socket.destroy();
    if (head.length > 0) socket.unshift(head);
    once(() => events.onOpen(socket));
  });
  call.on('response', (response) => giveUp(new Error(refusalWords(response.statusCode))));
  call.on('error', giveUp);
  call.on('close', () => giveUp(new Error('the relay closed the connection')));
  call.end();
  return () => {
    once(() => undefined);
    call.destroy();
  };
}

function refusalWords(status: number | undefined): string {
  if (status === 502) return 'the relay does not reach it either';
  return `the relay refuses it (status ${status ?? 'unknown'})`;
}
