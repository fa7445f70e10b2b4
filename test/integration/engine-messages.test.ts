import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAdmission } from '../../electron/demo/hl7/hl7-message.ts';
import { openLlp, type Exchange, type LlpConnection } from '../../electron/demo/hl7/llp-connection.ts';
import { until } from './demo-harness.ts';
import { createEngineBench, type EngineBench, type RunningEngine } from './engine-bench.ts';

let site: EngineBench;
let engine: RunningEngine;
let sender: LlpConnection;
let sequence: number;

beforeEach(async () => {
  site = await createEngineBench();
  engine = await site.engine('ig-north');
  await until('ADT is on', async () => (await engine.state()).components[0]?.light === 'ON');
  sender = await connected();
  sequence = 0;
});
afterEach(() => {
  sender.close();
  site.clean();
});

async function connected(): Promise<LlpConnection> {
  const opened = await openLlp('127.0.0.1', engine.llpPort, 1000);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

function send(limitMs = 5000): Promise<Exchange> {
  sequence += 1;
  const numbered = { sender: 'test', sequence, run: 'R', sentAt: 0 };
  return sender.exchange(buildAdmission(numbered, 'WK1', new Date()), `test-${sequence}`, limitMs);
}

async function received(): Promise<number | undefined> {
  return (await engine.state()).components[0]?.received;
}

const accepted = { kind: 'answered', ack: { code: 'AA', from: 'ig-north' } };

describe('a message that is taken in', () => {
  it('is acknowledged in the name of the server, after it is in the journal', async () => {
    expect(await send()).toMatchObject(accepted);
    expect(await engine.state()).toMatchObject({
      wrote: 1,
      components: [{ received: 1, queueCount: 1 }, {}],
    });
  });

  it('is rejected when it is no HL7', async () => {
    const exchange = await sender.exchange(
      Buffer.from('MSH|^~\\&|A|B|C|D|20250101||ADT^A01||P|2.5\r'),
      '',
      5000,
    );
    expect(exchange).toMatchObject({ kind: 'answered', ack: { code: 'AR' } });
    expect(await received()).toBe(0);
  });

  it.each(['AE', 'AR'] as const)('is refused with %s and not kept when that is switched on', async (code) => {
    await engine.fault('ack', code);
    expect(await send()).toMatchObject({ kind: 'answered', ack: { code } });
    await engine.fault('ack', null);
    expect(await send()).toMatchObject(accepted);
    expect(await received()).toBe(1);
  });

  it('is kept although its acknowledgement is lost', async () => {
    await engine.fault('lose-ack', 1);
    expect(await send(300)).toEqual({ kind: 'silent' });
    await until('it is kept', async () => (await received()) === 1);
    expect(await send()).toMatchObject(accepted);
  });

  it('is acknowledged late', async () => {
    await engine.fault('delay-ack', 400);
    expect(await send(100)).toEqual({ kind: 'silent' });
    expect(await send()).toMatchObject(accepted);
  });

  it('is not kept when the connection is dropped before', async () => {
    await engine.fault('drop-connection', 1);
    expect(await send()).toMatchObject({ kind: 'broken' });
    expect(await received()).toBe(0);
    sender = await connected();
    expect(await send()).toMatchObject(accepted);
  });

  it.each(['half-open', 'hang-all'])('waits under %s and is taken in when that ends', async (fault) => {
    await engine.fault(fault, true);
    expect(await send(300)).toEqual({ kind: 'silent' });
    expect(await received()).toBe(0);
    await engine.fault(fault, null);
    await until('it is taken in', async () => (await received()) === 1);
  });

  it.each([
    ['disk-full', 'ENOSPC'],
    ['journal-write-error', 'EIO'],
  ])('is answered AE under %s, and the component shows red until it works again', async (fault, code) => {
    await engine.fault(fault, true);
    expect(await send()).toMatchObject({
      ack: { code: 'AE', text: expect.stringContaining(code) as string },
    });
    expect((await engine.state()).components[0]).toMatchObject({ light: 'RED', queueCount: 0 });
    await engine.fault(fault, null);
    expect(await send()).toMatchObject(accepted);
    expect((await engine.state()).components[0]).toMatchObject({ light: 'ON', received: 1 });
  });

  it('is answered AE once the queue is full', async () => {
    sender.close();
    const small = await site.engine('ig-small', { workingDirectory: folder('small'), maxQueued: 2 });
    engine = small;
    await until('ADT is on', async () => (await small.state()).components[0]?.light === 'ON');
    sender = await connected();
    const codes = [];
    for (let count = 0; count < 3; count += 1) {
      const exchange = await send();
      codes.push(exchange.kind === 'answered' ? exchange.ack.code : exchange.kind);
    }
    expect(codes).toEqual(['AA', 'AA', 'AE']);
  });
});

describe('a file poller', () => {
  it('fetches every file once and removes it at its source', async () => {
    const [inbox, outbox] = [folder('in'), folder('out')];
    const pollers = [{ name: 'files', kind: 'file', directory: inbox, outDirectory: outbox, everyMs: 50 }];
    const polling = await site.engine('ig-files', { workingDirectory: folder('files'), pollers });
    for (const name of ['b', 'a', 'c']) writeFileSync(`${inbox}/${name}`, name);
    await startPoller(polling, 'files');
    await until('all are fetched', () => readdirSync(inbox).length === 0);
    const by = `ig-files-${polling.process.pid}`;
    expect(readdirSync(outbox).sort()).toEqual([`a.${by}`, `b.${by}`, `c.${by}`]);
    expect((await polling.state()).components[1]).toMatchObject({ name: 'files', received: 3 });
  });
});

function folder(name: string): string {
  mkdirSync(site.bench.path(name), { recursive: true });
  return site.bench.path(name);
}

async function startPoller(on: RunningEngine, name: string): Promise<void> {
  const url = `http://127.0.0.1:${on.apiPort}`;
  const body = new URLSearchParams({ username: 'ha', password: 'secret' });
  const login = await fetch(`${url}/session/login`, { method: 'POST', body });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const components = new URLSearchParams({ components: name });
  await fetch(`${url}/component/start`, { method: 'POST', headers: { cookie }, body: components });
}
