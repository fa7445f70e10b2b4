import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { buildAck } from '../hl7/hl7-ack.ts';
import { readHeader, readNumbered, type NumberedMessage } from '../hl7/hl7-message.ts';
import { frame, MllpReader } from '../hl7/mllp.ts';
import type { ReceiverConfig } from './traffic-config.ts';

export interface Arrival {
  readonly message: NumberedMessage;
  /** Counts the connections of this receiver. */
  readonly connection: number;
  /** Address that the connection came from. */
  readonly from: string;
  readonly firstOnConnection: boolean;
}

/** The system behind the engine: takes everything, acknowledges it and tells what arrived. */
export class MessageReceiver {
  readonly #config: ReceiverConfig;
  readonly #onArrival: (arrival: Arrival) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #connections = 0;
  /** Messages that are not numbered by anyone here. */
  foreign = 0;

  constructor(config: ReceiverConfig, onArrival: (arrival: Arrival) => void) {
    this.#config = config;
    this.#onArrival = onArrival;
  }

  async open(): Promise<Result<void, string>> {
    const { address, port, id } = this.#config;
    const server = createServer((socket) => this.#serve(socket));
    try {
      server.listen(port, address);
      await once(server, 'listening');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      return fail(`Receiver ${id} cannot listen on ${address}:${port} (${code}).`);
    }
    this.#server = server;
    return succeed(undefined);
  }

  close(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    const reader = new MllpReader();
    this.#connections += 1;
    const place = { connection: this.#connections, from: socket.remoteAddress ?? '' };
    let first = true;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const event of reader.push(chunk)) {
        if (event.kind === 'too-large') socket.destroy();
        if (event.kind !== 'message') continue;
        this.#take(event.message, { ...place, firstOnConnection: first });
        first = false;
        socket.write(frame(this.#answer(event.message)));
      }
    });
  }

  #take(message: Buffer, place: Omit<Arrival, 'message'>): void {
    const numbered = readNumbered(message);
    if (numbered) this.#onArrival({ message: numbered, ...place });
    else this.foreign += 1;
  }

  #answer(message: Buffer): Buffer {
    const header = readHeader(message);
    const answer = header.ok
      ? ({ code: 'AA', text: '' } as const)
      : ({ code: 'AR', text: header.error } as const);
    return buildAck(message, { ...answer, from: this.#config.id }, new Date());
  }
}
