import { createServer, type Server, type Socket } from 'node:net';

/** A listener of LLP on loopback that notes the control id of each message and answers as it is told. */
export class TestListener {
  readonly ids: string[] = [];
  answer: (id: string, socket: Socket) => void = (id, socket) => acknowledge(socket, 'AA', id);
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (part: Buffer) => {
        const id = part.toString('latin1').split('|')[9] ?? '';
        this.ids.push(id);
        this.answer(id, socket);
      });
    });
  }

  /** Answers its port. */
  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as { port: number }).port;
  }

  /** Cuts every connection; new ones are taken. */
  cut(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function acknowledge(socket: Socket, code: string, id: string): void {
  socket.write(`\u000BMSH|^~\\&|TEST|||||ACK|1|T|2.5\rMSA|${code}|${id}\r\u001C\r`);
}
