import { describe, expect, it } from 'vitest';
import { createSocketBridge, type Socket } from '../../../renderer/ipc/socket-bridge.ts';

interface FakeSocket extends Socket {
  readonly sent: { id: number; call: string; request: unknown }[];
  closed: boolean;
}

interface Waiting {
  task: () => void;
  delayMs: number;
  cancelled: boolean;
}

/** A bridge whose sockets and timers the test drives by hand. */
function bench() {
  const sockets: FakeSocket[] = [];
  const timers: Waiting[] = [];
  const bridge = createSocketBridge({
    open() {
      const socket: FakeSocket = {
        sent: [],
        closed: false,
        send: (text) => void socket.sent.push(JSON.parse(text) as FakeSocket['sent'][number]),
        close() {
          socket.closed = true;
          socket.onclose?.();
        },
        onopen: null,
        onmessage: null,
        onclose: null,
      };
      sockets.push(socket);
      return socket;
    },
    later(task, delayMs) {
      const waiting: Waiting = { task, delayMs, cancelled: false };
      timers.push(waiting);
      return () => void (waiting.cancelled = true);
    },
    backoffMs: [100, 200],
  });
  const say = (frame: unknown) => sockets.at(-1)!.onmessage?.({ data: JSON.stringify(frame) });
  return { bridge, sockets, timers, say };
}

describe('bridge over a WebSocket', () => {
  it('pairs each answer with its call, whatever the order', async () => {
    const { bridge, sockets, say } = bench();
    sockets[0]!.onopen?.();
    const first = bridge.call('getSnapshot', {});
    const second = bridge.call('getPreferences', {});
    const [a, b] = sockets[0]!.sent;
    say({ type: 'outcome', id: b!.id, outcome: { ok: true, value: 'second' } });
    say({ type: 'outcome', id: a!.id, outcome: { ok: true, value: 'first' } });
    expect([await first, await second]).toEqual([
      { ok: true, value: 'first' },
      { ok: true, value: 'second' },
    ]);
  });

  it('settles open calls as not known when the connection breaks, and comes back with growing waits', async () => {
    const { bridge, sockets, timers } = bench();
    const seen: boolean[] = [];
    bridge.onConnection((connected) => seen.push(connected));
    sockets[0]!.onopen?.();
    const call = bridge.call('switchOver', {});
    sockets[0]!.onclose?.();
    expect(await call).toMatchObject({ ok: false, error: { code: 'server.timeout' } });
    const retry = timers.find((timer) => timer.delayMs === 100)!;
    retry.task();
    sockets[1]!.onclose?.();
    expect(timers.at(-1)!.delayMs).toBe(200);
    timers.at(-1)!.task();
    sockets[2]!.onopen?.();
    expect(seen).toEqual([false, true, false, true]);
  });

  it('gives a call up after its time limit without calling it failed', async () => {
    const { bridge, sockets, timers } = bench();
    sockets[0]!.onopen?.();
    const call = bridge.call('readJournal', {});
    timers.find((timer) => timer.delayMs === 15_000)!.task();
    const outcome = (await call) as { error: { message: string; meaning: string } };
    expect(outcome.error.message).toBe('No answer to readJournal within 15 s.');
    expect(outcome.error.meaning).toContain('may or may not have happened');
  });

  it('waits longer for an export: a page may be printed meanwhile', () => {
    const { bridge, sockets, timers } = bench();
    sockets[0]!.onopen?.();
    void bridge.call('exportReadiness', { format: 'pdf', paper: 'A4', timeZone: 'UTC' });
    expect(timers.at(-1)?.delayMs).toBeGreaterThan(30_000);
  });

  it('answers at once while there is no connection', async () => {
    const { bridge, sockets } = bench();
    expect(await bridge.call('getSnapshot', {})).toMatchObject({ ok: false });
    expect(sockets[0]!.sent).toEqual([]);
  });

  it('ignores what is no frame of the contract', () => {
    const { bridge, sockets, say } = bench();
    sockets[0]!.onopen?.();
    const events: unknown[] = [];
    bridge.on('snapshot', (event) => events.push(event));
    sockets[0]!.onmessage?.({ data: 'not json' });
    say({ type: 'surprise' });
    say({ type: 'event', name: 'snapshot', event: 7 });
    expect(events).toEqual([7]);
  });

  it('stays closed when it was closed', () => {
    const { bridge, sockets, timers } = bench();
    sockets[0]!.onopen?.();
    bridge.close();
    expect(sockets[0]!.closed).toBe(true);
    expect(timers.filter((timer) => !timer.cancelled)).toEqual([]);
  });
});
