import type { WebSocket } from 'ws';

export interface SocketPace {
  /** How often an open socket is pinged and looked at. */
  readonly pingMs: number;
  /** A socket on which nothing arrived for this long, no answer to a ping either, is ended. */
  readonly silentMs: number;
}

/**
 * The WebSockets that others have opened to this program. A half-open one, whose other side is gone without a word,
 * would else live until the kernel gives up, and count against the limit of connections.
 */
export class OpenSockets {
  private readonly heardMs = new Map<WebSocket, number>();
  private readonly newest = new Map<string, WebSocket>();
  private readonly pace: SocketPace;
  private readonly timer: NodeJS.Timeout;

  constructor(pace: SocketPace) {
    this.pace = pace;
    this.timer = setInterval(() => this.look(performance.now()), pace.pingMs);
  }

  /**
   * Watches a socket until it closes.
   *
   * @param only of all sockets admitted under one name only the newest stays: a caller that opens another one has
   *   given the older up, whether it knows that or not. Null: any number may be open.
   */
  admit(socket: WebSocket, only: string | null): void {
    const heard = () => this.heardMs.set(socket, performance.now());
    heard();
    socket.on('message', heard);
    socket.on('ping', heard);
    socket.on('pong', heard);
    socket.on('close', () => {
      this.heardMs.delete(socket);
      if (only !== null && this.newest.get(only) === socket) this.newest.delete(only);
    });
    if (only === null) return;
    this.newest.get(only)?.terminate();
    this.newest.set(only, socket);
  }

  close(): void {
    clearInterval(this.timer);
    for (const socket of this.heardMs.keys()) socket.terminate();
  }

  private look(nowMs: number): void {
    for (const [socket, heardMs] of this.heardMs) {
      if (nowMs - heardMs > this.pace.silentMs) socket.terminate();
      else if (nowMs - heardMs > this.pace.pingMs / 2) socket.ping();
    }
  }
}
