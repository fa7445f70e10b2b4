import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { buildAck, type AckCode } from '../hl7/hl7-ack.ts';
import { frame, MllpReader, type MllpEvent } from '../hl7/mllp.ts';
import type { Faults } from './faults.ts';

export interface InletOptions {
  readonly address: string;
  readonly port: number;
  /** MSH-3 of the acknowledgements. */
  readonly answerAs: string;
  readonly faults: Faults;
  /** Takes one message in; resolves when it is safe, with what to answer. */
  readonly take: (message: Buffer) => Promise<{ code: AckCode; text: string }>;
  readonly onError: (sentence: string) => void;
}

/** Listens for LLP. Messages of one connection are taken and answered strictly one after the other. */
export class LlpInlet {
  readonly #options: InletOptions;
  readonly #connections = new Map<Socket, Promise<void>>();
  readonly #answering = new Set<Socket>();
  #server: Server | undefined;
  #closing = false;

  constructor(options: InletOptions) {
    this.#options = options;
  }

  async open(): Promise<Result<void, string>> {
    const { address, port } = this.#options;
    const server = createServer((socket) => {
      const served = this.#serve(socket).finally(() => this.#connections.delete(socket));
      this.#connections.set(socket, served);
    });
    try {
      server.listen(port, address);
      await once(server, 'listening');
    } catch (error) {
      return fail(
        `cannot listen on ${address}:${port} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      );
    }
    server.on('error', (error) => this.#options.onError(error.message));
    this.#closing = false;
    this.#server = server;
    return succeed(undefined);
  }

  /** Takes no more messages, lets those under way be answered for at most `graceMs`, then closes. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    this.#server?.close();
    this.#server = undefined;
    for (const socket of this.#connections.keys()) {
      if (!this.#answering.has(socket)) socket.destroy();
    }
    const settled = Promise.all(this.#connections.values());
    await Promise.race([settled, delay(graceMs, undefined, { ref: false })]);
    for (const socket of this.#connections.keys()) socket.destroy();
    await settled;
  }

  async #serve(socket: Socket): Promise<void> {
    const { faults } = this.#options;
    const reader = new MllpReader();
    const gone = new Promise<void>((done) => socket.once('close', () => done()));
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    try {
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        // Only then: each race leaves something behind on `gone` for as long as the connection lives.
        if (faults.is('hang-all') || faults.is('half-open')) {
          await Promise.race([faults.cleared('hang-all', 'half-open'), gone]);
        }
        if (!(await this.#takeAll(socket, reader.push(chunk)))) return;
      }
    } catch {
      // The peer broke the connection; it sends again what was not answered.
    } finally {
      socket.destroySoon();
    }
  }

  /** False when the connection has to end. */
  async #takeAll(socket: Socket, events: readonly MllpEvent[]): Promise<boolean> {
    for (const event of events) {
      if (event.kind === 'too-large') {
        this.#options.onError('a message is too large');
        return false;
      }
      if (event.kind === 'message') await this.#answer(socket, event.message);
      if (this.#closing || socket.destroyed) return false;
    }
    return true;
  }

  async #answer(socket: Socket, message: Buffer): Promise<void> {
    const { faults, take, answerAs } = this.#options;
    if (faults.strike('drop-connection')) {
      socket.destroy();
      return;
    }
    this.#answering.add(socket);
    try {
      const { code, text } = await take(message);
      if (faults.strike('lose-ack')) return;
      const lateMs = faults.amount('delay-ack');
      if (lateMs > 0) await delay(lateMs, undefined, { ref: false });
      if (socket.writable) socket.write(frame(buildAck(message, { code, text, from: answerAs }, new Date())));
    } finally {
      this.#answering.delete(socket);
    }
  }
}
