import { connect } from 'node:net';
import type {
  ConsoleWay,
  DirectTry,
  TriedConsoleWay,
  TunnelTry,
} from '../../../shared/preflight/console-ways.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';

/** Opens a connection from this workstation and closes it again. Never rejects. */
export type TryTcp = (address: string, port: number) => Promise<DirectTry>;

const withinMs = 3_000;

export const tryTcp: TryTcp = (address, port) =>
  new Promise((resolve) => {
    const startedMs = performance.now();
    const socket = connect({ host: address, port, timeout: withinMs });
    const end = (result: DirectTry['result']) => {
      socket.destroy();
      resolve({ result, rttMs: result === 'ok' ? performance.now() - startedMs : null });
    };
    socket.on('connect', () => end('ok'));
    socket.on('timeout', () => end('silent'));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') return end('refused');
      end(code === 'ETIMEDOUT' ? 'silent' : 'no-route');
    });
  });

/**
 * Tries each way as the console will use it, while its port is open there. Where it is to go straight and does not, the
 * SSH server is tried too: whether it could be used instead belongs to the remedy.
 *
 * @param bare servers on which nothing is installed
 */
export function tryConsoleWays(
  ways: readonly ConsoleWay[],
  connections: ReadonlyMap<string, ServerConnection>,
  open: ReadonlyMap<string, ReadonlySet<number>>,
  { tcp, bare }: { readonly tcp: TryTcp; readonly bare: ReadonlySet<string> },
): Promise<TriedConsoleWay[]> {
  return Promise.all(
    ways.map(async (way) => {
      const { id, address } = way.to.server;
      const closed = bare.has(id) ? 'not-opened' : 'not-open';
      const there = open.get(id)?.has(way.port) ? 'open' : open.has(id) ? closed : 'not-reached';
      if (there !== 'open') return { ...way, there, direct: null, tunnel: null };
      const direct = way.throughSsh ? null : await tcp(address, way.port);
      const tunnel = direct?.result === 'ok' ? null : await tunnelTo(connections.get(id), address, way.port);
      return { ...way, there, direct, tunnel };
    }),
  );
}

async function tunnelTo(
  connection: ServerConnection | undefined,
  address: string,
  port: number,
): Promise<TunnelTry | null> {
  const carrier = await connection?.forward?.(address, port);
  if (carrier === undefined) return null;
  if (carrier.ok) {
    carrier.value.destroy();
    return 'ok';
  }
  return carrier.error.code === 'ssh.no-forwarding' ? 'forbidden' : 'failed';
}
