import type { Socket } from 'node:net';
import { Client, Message, type InboundResponse } from 'node-hl7-client';
import { Server } from 'node-hl7-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, until } from './demo-harness.ts';
import { createEngineBench, type EngineBench } from './engine-bench.ts';

/** A second opinion on framing and acknowledgements: both ends are programs that are not ours. */
let site: EngineBench;
beforeEach(async () => (site = await createEngineBench()));
afterEach(() => site.clean());

function admission(number: number): Message {
  const text = [
    `MSH|^~\\&|PEER|TEST|ENGINE|WK1|20250101000000||ADT^A01^ADT_A01|PEER-${number}|T|2.5`,
    'EVN|A01|20250101000000',
    `PID|1||${number}^^^TEST^MR||TEST^PATIENT||19700101|U`,
  ].join('\r');
  return new Message({ text });
}

describe('independent HL7 programs', () => {
  it('send through the engine and receive behind it, every message once and in order', async () => {
    const arrived: string[] = [];
    site.behind.target = await freePort();
    let engineSide: Socket | undefined;
    const inbound = new Server({ bindAddress: '127.0.0.1' }).createInbound(
      { port: site.behind.target },
      (request, response) => {
        // This library expects one message per connection: it would give the earlier ones again.
        engineSide?.pause();
        arrived.push(request.getMessage().get('MSH.10').toString());
        void response.sendResponse('AA').then(() => engineSide?.destroySoon());
      },
    );
    inbound.on('client.connect', (socket) => (engineSide = socket));
    const engine = await site.engine('ig-north');
    await until('ADT is on', async () => (await engine.state()).components[0]?.light === 'ON');
    const answers: string[] = [];
    const client = new Client({ host: '127.0.0.1' });
    const outbound = client.createConnection({ port: engine.llpPort }, (response: InboundResponse) => {
      const message = response.getMessage();
      answers.push(['MSA.1', 'MSA.2', 'MSH.3'].map((field) => message.get(field).toString()).join(' '));
    });
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const number of numbers) {
      await outbound.sendMessage(admission(number));
      await until(`answer ${number}`, () => answers.length === number);
    }
    expect(answers).toEqual(numbers.map((number) => `AA PEER-${number} ig-north`));
    await until('all have arrived', () => arrived.length >= numbers.length);
    expect(arrived).toEqual(numbers.map((number) => `PEER-${number}`));
    await until('the queue is empty', async () => (await engine.state()).components[0]?.queueCount === 0);
    client.closeAll();
    await inbound.close();
  });
});
