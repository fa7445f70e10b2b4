import { createConnection, type Socket } from 'node:net';
import { fail, succeed, type Result } from '../../shared/result.ts';

/**
 * One connection to the demo's service manager: a line out, a line back, one question at a time. It stays open from
 * question to question, and any failure closes it, so that a late answer is never taken for that of the next one.
 */
export class ManagerLine {
  private readonly socketPath: string;
  private socket: Socket | null = null;
  private waiting: ((answer: Result<string, string>) => void) | null = null;
  private text = '';

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** Answers with the manager's line, after `limitMs` at the latest. */
  ask(request: object, limitMs: number): Promise<Result<string, string>> {
    if (this.waiting !== null) return Promise.resolve(fail('the service manager is being asked already'));
    return new Promise((resolve) => {
      const limit = setTimeout(
        () => this.failed(`the service manager did not answer within ${limitMs} ms`),
        limitMs,
      );
      this.waiting = (answer) => {
        clearTimeout(limit);
        this.waiting = null;
        resolve(answer);
      };
      this.socket ??= this.connect();
      this.socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  close(): void {
    this.failed('the connection to the service manager was ended');
  }

  private connect(): Socket {
    const socket = createConnection(this.socketPath);
    // Events of a socket that has been given up concern nobody.
    const mine = (then: () => void) => () => {
      if (this.socket === socket) then();
    };
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => mine(() => this.take(part))());
    socket.on('error', (error) =>
      mine(() => this.failed(`the service manager cannot be asked: ${error.message}`))(),
    );
    socket.on(
      'close',
      mine(() => this.failed('the service manager closed the connection')),
    );
    // A connection that only waits for the next question keeps no program running.
    socket.unref();
    return socket;
  }

  private take(part: string): void {
    this.text += part;
    const end = this.text.indexOf('\n');
    if (end < 0) return;
    const line = this.text.slice(0, end);
    this.text = this.text.slice(end + 1);
    this.waiting?.(succeed(line));
  }

  private failed(why: string): void {
    const socket = this.socket;
    this.socket = null;
    this.text = '';
    socket?.destroy();
    this.waiting?.(fail(why));
  }
}
