import type { Server, Socket } from 'node:net';

/**
 * Limits the connections to a server, and those of each address to half of them: whoever floods a port from one place
 * keeps neither the balancer nor the peer from being answered.
 */
export function shareConnections(server: Server, connections: number): void {
  const eachAddress = Math.ceil(connections / 2);
  const open = new Map<string, number>();
  server.maxConnections = connections;
  server.on('connection', (socket: Socket) => {
    const from = socket.remoteAddress;
    // Gone already.
    if (from === undefined) return void socket.destroy();
    const now = (open.get(from) ?? 0) + 1;
    if (now > eachAddress) return void socket.destroy();
    open.set(from, now);
    socket.once('close', () => {
      const left = (open.get(from) ?? 1) - 1;
      if (left > 0) open.set(from, left);
      else open.delete(from);
    });
  });
}
