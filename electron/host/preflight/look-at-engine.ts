import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import * as z from 'zod/mini';
import { EngineLook, type EngineLookOrder } from '../../../shared/engine/engine-look.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import type { Result } from '../../../shared/result.ts';
import { runHere } from '../run-here.ts';

/** Asks an engine whose API answers on a port of this workstation. Never rejects. */
export type LookAtEngine = (order: EngineLookOrder) => Promise<EngineLook>;

const lookWithinMs = 30_000;

/** The real one: the agent's own adapter, run on this workstation. The password travels on its standard input only. */
export function lookAtEngineBy(program: { readonly node: string; readonly agent: string }): LookAtEngine {
  return async (order) => {
    const words = [program.agent, 'look-at-engine'];
    const { code, out } = await runHere(program.node, words, JSON.stringify(order), lookWithinMs);
    const look = z.safeParse(EngineLook, parseJson(out));
    return code === 0 && look.success
      ? look.data
      : untold('the engine could not be asked from this workstation');
  };
}

/** What is known of an engine that could not be asked. */
export function untold(why: string): EngineLook {
  return { components: { why }, licence: { why } };
}

/**
 * Runs something while a port of this workstation, on its loopback address, leads where `open` leads, such as to an API that
 * answers on a server's own loopback address only.
 */
export async function throughTunnel<Value>(
  open: () => Promise<Result<Duplex, ProductError>>,
  work: (port: number) => Promise<Value>,
): Promise<Value> {
  const carriers = new Set<{ destroy(): unknown }>();
  const server = createServer((socket) => {
    carriers.add(socket);
    socket.on('error', () => socket.destroy());
    void open().then((carrier) => {
      if (!carrier.ok) return socket.destroy();
      carriers.add(carrier.value);
      carrier.value.on('error', () => socket.destroy());
      return socket.pipe(carrier.value).pipe(socket);
    });
  });
  try {
    return await work(await listening(server));
  } finally {
    server.close();
    for (const carrier of carriers) carrier.destroy();
  }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
