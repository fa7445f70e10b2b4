import { connect, type Socket } from 'node:net';
import type { MeasuredOutage } from '../../../shared/drills/drill-record.ts';
import type { ProbeTarget } from '../../../shared/drills/probe-target.ts';
import { formatMeasured } from '../../../shared/fleet/age.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { HostTime } from '../host-time.ts';

/** A message of LLP stands between these. */
const start = '\u000B';
const end = '\u001C\r';
const pauseMs = 100;
const ackWithinMs = 500;
const againMs = 50;
/** So long the first message may take; later ones are what the drill measures. */
const firstWithinMs = 10_000;
/** More than any acknowledgement: an answer that goes on is none. */
const longestAnswer = 64 * 1024;

/**
 * Sends numbered test messages to a listener that the site keeps for tests, one after another, through the load balancer
 * as a sender would, and notes how long none was acknowledged. They carry no patient and are marked as training (MSH-11).
 */
export class ProbeSender {
  readonly #target: ProbeTarget;
  readonly #time: HostTime;
  readonly #about: { readonly run: string; readonly cluster: string };
  #socket: Socket | null = null;
  #number = 0;
  #acknowledged = 0;
  #lastMs: number | null = null;
  #longestMs = 0;
  #over = false;
  #done: Promise<void> = Promise.resolve();

  constructor(
    target: ProbeTarget,
    time: HostTime,
    about: { readonly run: string; readonly cluster: string },
  ) {
    this.#target = target;
    this.#time = time;
    this.#about = about;
  }

  /** Begins. Errors: nobody acknowledged the first message in time, as a sentence. */
  async begin(withinMs = firstWithinMs): Promise<Result<void, string>> {
    const lastMs = this.#time.bootMs() + withinMs;
    let why = 'nobody answered';
    while (this.#time.bootMs() < lastMs) {
      const sent = await this.#send();
      if (sent.ok) {
        this.#done = this.#goOn();
        return succeed(undefined);
      }
      why = sent.error;
      await this.#pause(againMs);
    }
    this.#socket?.destroy();
    const { host, port } = this.#target;
    return fail(
      `The test listener ${host}:${port} acknowledged no message within ${withinMs / 1000} s: ${why}`,
    );
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#done;
    this.#socket?.destroy();
  }

  /** The longest time without an acknowledgement so far. */
  outage(): MeasuredOutage {
    const nowMs = this.#time.bootMs();
    const ms = Math.max(this.#longestMs, this.#over || this.#lastMs === null ? 0 : nowMs - this.#lastMs);
    const { host, port } = this.#target;
    return {
      ms,
      by: 'acknowledged-messages',
      atLeast: false,
      sentence: `The longest time without an acknowledged message was ${formatMeasured(ms)}, by ${this.#acknowledged} test messages that this console sent to ${host}:${port}, one every ${pauseMs / 1000} s.`,
    };
  }

  async #goOn(): Promise<void> {
    while (!this.#over) {
      const sent = await this.#send();
      await this.#pause(sent.ok ? pauseMs : againMs);
    }
  }

  /** One message and its acknowledgement; what went wrong ends the connection. */
  async #send(): Promise<Result<void, string>> {
    const opened = await this.#connected();
    if (!opened.ok) return opened;
    this.#number += 1;
    const id = `${this.#about.run}-${this.#number}`;
    const answered = await answerTo(opened.value, `${start}${this.#message(id)}${end}`);
    const read = answered.ok ? readAnswer(answered.value, id) : answered;
    if (read.ok) return this.#note();
    opened.value.destroy();
    return read;
  }

  #note(): Result<void, string> {
    const nowMs = this.#time.bootMs();
    if (this.#lastMs !== null) this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.#acknowledged += 1;
    return succeed(undefined);
  }

  #message(id: string): string {
    const at = this.#time.wallTime().replaceAll(/\D/g, '').slice(0, 14);
    return [
      `MSH|^~\\&|IXHA|DRILL|TEST|${this.#about.cluster}|${at}||NMD^N02|${id}|T|2.5`,
      'NTE|1||Test message of a failover drill; no patient and nothing to do',
      '',
    ].join('\r');
  }

  #connected(): Promise<Result<Socket, string>> {
    if (this.#socket !== null && this.#socket.readyState === 'open') {
      return Promise.resolve(succeed(this.#socket));
    }
    return new Promise((resolve) => {
      const socket = connect({ ...this.#target, noDelay: true });
      this.#socket = socket;
      const failed = (why: string) => {
        socket.destroy();
        resolve(fail(why));
      };
      socket.setTimeout(ackWithinMs, () => failed('no answer to the connection'));
      socket.on('error', ({ message }) => failed(message));
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.removeAllListeners('timeout');
        resolve(succeed(socket));
      });
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#time.after(ms, resolve));
  }
}

/** What comes back until the end of a message. */
function answerTo(socket: Socket, message: string): Promise<Result<string, string>> {
  return new Promise((resolve) => {
    let heard = '';
    const ended = (result: Result<string, string>) => {
      clearTimeout(limit);
      socket.removeAllListeners('data').removeAllListeners('close');
      resolve(result);
    };
    const limit = setTimeout(() => ended(fail('no acknowledgement')), ackWithinMs);
    socket.on('close', () => ended(fail('the connection was closed')));
    socket.on('data', (part: Buffer) => {
      heard += part.toString('latin1');
      if (heard.length > longestAnswer) return ended(fail('the answer does not end'));
      if (heard.includes(end)) ended(succeed(heard));
    });
    socket.write(message, 'latin1');
  });
}

/** Only an accept of this very message counts. */
function readAnswer(answer: string, id: string): Result<void, string> {
  const [, code = '', of = ''] = /(?:^|\r)MSA\|([^|\r]*)\|([^|\r\u001C]*)/.exec(answer) ?? [];
  if (of !== id) return fail('the answer belongs to another message');
  return code === 'AA' || code === 'CA' ? succeed(undefined) : fail(`it was refused (MSA-1 is ${code})`);
}
