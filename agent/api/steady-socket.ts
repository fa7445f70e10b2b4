import type { CancelTimer, Timers } from '../../shared/clock.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { Dial, Dialled, DialTarget } from './dial.ts';
import { networkWords } from './network-words.ts';

export interface SteadySocketOptions {
  readonly dial: Dial;
  readonly timers: Timers;
  readonly expected: Identity;
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** Who relays it; absent: directly. */
  readonly through?: DialTarget['through'];
  /** An open connection on which nothing arrived for this long after something was sent is replaced. */
  readonly silenceMs: number;
  readonly retryMs: number;
  readonly onOpen?: () => void;
  readonly onText: (text: string) => void;
}

/**
 * Keeps one WebSocket open to one known identity: an address, no name look-up. A dead path is found by silence,
 * not by TCP, whose own retries grow to minutes and would delay the recovery after a cut.
 */
export class SteadySocket {
  private readonly options: SteadySocketOptions;
  private socket: Dialled | null = null;
  private why: string | null = 'not connected yet';
  private closed = false;
  private retry: CancelTimer | null = null;
  private awaiting: CancelTimer | null = null;

  constructor(options: SteadySocketOptions) {
    this.options = options;
    this.connect();
  }

  /** False when there is no open connection; nothing is queued, since a late lease request is worthless. */
  send(text: string): boolean {
    if (this.socket?.isOpen() !== true) return false;
    this.socket.send(text);
    const { timers, silenceMs } = this.options;
    this.awaiting ??= timers.after(silenceMs, () => this.giveUp());
    return true;
  }

  /** Null while open; otherwise why not, as a sentence. */
  trouble(): string | null {
    return this.why;
  }

  close(): void {
    this.closed = true;
    this.heard();
    this.retry?.();
    this.socket?.terminate();
  }

  private connect(): void {
    this.retry = null;
    if (this.closed) return;
    const { dial, expected, address, port, path, through, silenceMs } = this.options;
    const opening = dial(
      { expected, address, port, path, limitMs: silenceMs, ...(through === undefined ? {} : { through }) },
      {
        onOpen: () => {
          this.why = null;
          this.options.onOpen?.();
        },
        onText: (text) => {
          this.heard();
          if (this.socket === opening) this.options.onText(text);
        },
        onError: (error) => {
          this.why = reasonOf(error);
        },
        onClose: () => this.ended(opening),
      },
    );
    this.socket = opening;
  }

  private ended(socket: Dialled, waitMs = this.options.retryMs): void {
    if (this.socket !== socket) return;
    this.heard();
    this.socket = null;
    this.why ??= 'the connection was closed';
    if (!this.closed) this.retry = this.options.timers.after(waitMs, () => this.connect());
  }

  private heard(): void {
    this.awaiting?.();
    this.awaiting = null;
  }

  private giveUp(): void {
    this.awaiting = null;
    this.why = `no answer for ${(this.options.silenceMs / 1000).toFixed(1)} s`;
    const { socket } = this;
    if (socket === null) return;
    // What follows a silence has waited long enough.
    this.ended(socket, 0);
    socket.terminate();
  }
}

function reasonOf(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'IXHA_FOREIGN_CERTIFICATE':
      return `another identity answers there: ${error.message}`;
    default:
      if (/handshake has timed out/.test(error.message)) return 'no answer to the connection';
      return networkWords(code) ?? error.message;
  }
}
