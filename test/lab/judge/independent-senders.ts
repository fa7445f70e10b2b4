import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Message, type InboundResponse } from 'node-hl7-client';
import { pause, run } from '../hosts/command.ts';

/**
 * Two senders that are not ours, as a second opinion: a failover must look to them like any short
 * interruption, and every message must be accepted in the end.
 */
export interface SenderReport {
  readonly sender: string;
  readonly accepted: readonly string[];
  /** Attempts that failed and were made again; expected while nobody is Active. */
  readonly repeated: number;
}

/** From Debian's package python3-hl7. */
export const mllpSendProgram = '/usr/bin/mllp_send';

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** Debian's `mllp_send`, one process and connection per message, until `enough` says so. */
export async function sendWithMllpSend(target: Target, enough: () => boolean): Promise<SenderReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-mllp-'));
  const accepted: string[] = [];
  let repeated = 0;
  try {
    for (let number = 1; !enough(); number += 1) {
      const id = `MLLPSEND-${number}`;
      const file = join(folder, 'message.hl7');
      writeFileSync(file, `\x0b${admission('MLLPSEND', id)}\x1c\r`, 'latin1');
      while (!(await mllpSend(target, file)).includes(`MSA|AA|${id}`)) {
        repeated += 1;
        await pause(200);
      }
      accepted.push(id);
      await pause(100);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { sender: 'mllp_send', accepted, repeated };
}

/** It reports a refused or closed connection by its exit code or an empty answer. */
async function mllpSend(target: Target, file: string): Promise<string> {
  const args = ['-p', String(target.port), '-f', file, target.address];
  return (await run(mllpSendProgram, args, { timeoutMs: 3_000 })).stdout;
}

/** The library node-hl7-client over one connection at a time; a silent or lost one is made anew. */
export async function sendWithNodeClient(target: Target, enough: () => boolean): Promise<SenderReport> {
  const accepted: string[] = [];
  let repeated = 0;
  let session = openSession(target);
  for (let number = 1; !enough(); number += 1) {
    const id = `NODECLIENT-${number}`;
    while ((await session.exchange(new Message({ text: admission('NODECLIENT', id) }))) !== id) {
      repeated += 1;
      session.close();
      await pause(200);
      session = openSession(target);
    }
    accepted.push(id);
    await pause(50);
  }
  session.close();
  return { sender: 'node-hl7-client', accepted, repeated };
}

interface Session {
  /** Control id of the accepted message; undefined when there was no acceptance in time. */
  exchange(message: Message): Promise<string | undefined>;
  close(): void;
}

function openSession(target: Target): Session {
  const client = new Client({ host: target.address });
  client.on('client.error', () => undefined);
  let answered: (id: string | undefined) => void = () => undefined;
  const connection = client.createConnection({ port: target.port }, (response: InboundResponse) => {
    const message = response.getMessage();
    answered(message.get('MSA.1').toString() === 'AA' ? message.get('MSA.2').toString() : undefined);
  });
  for (const event of ['client.error', 'error', 'close'] as const) {
    connection.on(event, () => answered(undefined));
  }
  return {
    exchange: (message) => {
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      answered = resolve;
      const late = setTimeout(() => resolve(undefined), 3_000);
      connection.sendMessage(message).catch(() => resolve(undefined));
      return promise.finally(() => clearTimeout(late));
    },
    close: () => client.closeAll(),
  };
}

function admission(sender: string, id: string): string {
  const time = '20260101000000';
  return [
    `MSH|^~\\&|${sender}|LAB|ENGINE|LAB|${time}||ADT^A01^ADT_A01|${id}|T|2.5`,
    `EVN|A01|${time}`,
    `PID|1||${id}^^^TEST^MR||TEST^PATIENT||19700101|U`,
    '',
  ].join('\r');
}
