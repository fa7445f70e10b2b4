import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProbeSender } from '../../electron/host/drills/probe-sender.ts';
import { systemTime } from '../../electron/host/host-time.ts';
import { until } from './demo-harness.ts';
import { acknowledge, TestListener } from './test-listener.ts';

/** Goal: a drill measures what a sender would see. Method: a listener that answers, is silent, refuses, hangs up. */
let listener: TestListener;
let port: number;

beforeEach(async () => {
  listener = new TestListener();
  port = await listener.open();
});
afterEach(() => listener.close());

const open = () => new ProbeSender({ host: '127.0.0.1', port }, systemTime(), { run: 'r1', cluster: 'WK1' });

describe('test messages of a drill', () => {
  test('are numbered, one after another, and tell the longest time without an acknowledgement', async () => {
    const sender = open();
    expect(await sender.begin()).toMatchObject({ ok: true });
    const { ids } = listener;
    await until('three were sent', () => ids.length >= 3);
    expect(ids.slice(0, 3)).toEqual(['r1-1', 'r1-2', 'r1-3']);
    const silentFrom = performance.now();
    listener.answer = () => undefined;
    const before = ids.length;
    await until('two were not answered', () => ids.length >= before + 2);
    const silentMs = performance.now() - silentFrom;
    listener.answer = (id, socket) => acknowledge(socket, 'CA', id);
    const then = ids.length;
    await until('they are answered again', () => ids.length >= then + 2);
    await sender.stop();
    const outage = sender.outage();
    expect(outage).toMatchObject({ by: 'acknowledged-messages', atLeast: false });
    expect(outage.ms).toBeGreaterThanOrEqual(silentMs - 1);
  });

  test('go on over a new connection when theirs is cut', async () => {
    const sender = open();
    await sender.begin();
    listener.cut();
    const { ids } = listener;
    const before = ids.length;
    await until('more were sent', () => ids.length > before + 1);
    await sender.stop();
  });

  test.each([
    ['is refused', (id: string, socket: Socket) => acknowledge(socket, 'AE', id), /MSA-1 is AE/],
    [
      'belongs to another message',
      (_: string, socket: Socket) => acknowledge(socket, 'AA', 'x'),
      /another message/,
    ],
    ['never ends', (_: string, socket: Socket) => void socket.write('x'.repeat(70_000)), /does not end/],
  ])('are not begun where the first answer %s', async (_, how, why) => {
    listener.answer = how;
    const begun = await open().begin(800);
    expect(begun).toMatchObject({ ok: false, error: expect.stringMatching(why) as string });
  });

  test('are not begun where nobody listens', async () => {
    await listener.close();
    expect(await open().begin(300)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/ECONNREFUSED/) as string,
    });
    await listener.open();
  });
});
