import { connect, createServer, type Socket } from 'node:net';
import type { LinkConfig } from './network-config.ts';

/**
 * One TCP relay. Cut, it behaves like a link whose packets are dropped: nothing more is delivered and
 * nobody is told. Where it differs from a real dropped link: the kernel on this side still accepts a
 * connection (no answer ever comes on it), and bytes that were sent into the silence are gone for good
 * instead of being sent again, so after healing every connection that lived through it is reset.
 */
export interface Link {
  readonly config: LinkConfig;
  connections(): number;
  isCut(): boolean;
  cut(): void;
  heal(): void;
}

interface Relay {
  readonly near: Socket;
  /** Absent when the connection arrived while the link was cut. */
  readonly far: Socket | undefined;
}

/** Opens the relay; resolves when it listens, rejects when the port is taken. */
export function openLink(config: LinkConfig): Promise<Link> {
  const relays = new Set<Relay>();
  let silent = false;

  function accept(near: Socket): void {
    near.setNoDelay(true);
    const far = silent
      ? undefined
      : connect({ ...hostPort(config.target), noDelay: true, allowHalfOpen: true });
    const relay: Relay = { near, far };
    relays.add(relay);
    forward(relay, near, far);
    if (far) forward(relay, far, near);
  }

  function forward(relay: Relay, source: Socket, sink: Socket | undefined): void {
    source.on('data', (bytes: Buffer) => {
      if (silent || sink === undefined) return;
      if (!sink.write(bytes)) source.pause();
    });
    sink?.on('drain', () => source.resume());
    source.on('end', () => {
      if (!silent) sink?.end();
    });
    source.on('error', () => undefined);
    source.on('close', (failed: boolean) => {
      if (silent && sink !== undefined && !sink.destroyed) return;
      relays.delete(relay);
      if (failed) sink?.resetAndDestroy();
      else sink?.destroySoon();
    });
  }

  const server = createServer({ allowHalfOpen: true }, accept);
  const link: Link = {
    config,
    connections: () => relays.size,
    isCut: () => silent,
    cut() {
      silent = true;
      // What waits for a slow receiver is swallowed too, and is read so that its sender is not held up.
      for (const { near, far } of relays) for (const socket of [near, far]) socket?.resume();
    },
    heal() {
      if (!silent) return;
      silent = false;
      for (const { near, far } of relays) {
        near.resetAndDestroy();
        far?.resetAndDestroy();
      }
      relays.clear();
    },
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...hostPort(config.listen) }, () => resolve(link));
  });
}

function hostPort(place: LinkConfig['target']): { host: string; port: number } {
  return { host: place.address, port: place.port };
}
