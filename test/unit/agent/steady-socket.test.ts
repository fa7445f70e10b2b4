import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DialEvents } from '../../../agent/api/dial.ts';
import { SteadySocket } from '../../../agent/api/steady-socket.ts';
import { systemTimers } from '../../../agent/system-timers.ts';

/** Goal: a path that is dead is found and left soon. Method: dialled connections of the test's own, a clock that is wound. */
let attempts: DialEvents[];
let socket: SteadySocket;
beforeEach(() => {
  vi.useFakeTimers();
  attempts = [];
  socket = new SteadySocket({
    dial: (_target, events) => {
      attempts.push(events);
      let open = true;
      const terminate = () => {
        open = false;
        events.onClose();
      };
      return { isOpen: () => open, send: () => undefined, terminate };
    },
    timers: systemTimers,
    expected: { kind: 'witness', site: 'lab', server: 'wit' },
    address: '127.0.0.1',
    port: 1,
    path: '/',
    silenceMs: 1_000,
    retryMs: 500,
    onText: () => undefined,
  });
});
afterEach(() => {
  socket.close();
  vi.useRealTimers();
});
const wind = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a steady socket', () => {
  it('dials anew at once when nothing has arrived for its limit', async () => {
    socket.send('one');
    await wind(999);
    expect(attempts).toHaveLength(1);
    await wind(2);
    expect([attempts.length, socket.trouble()]).toEqual([2, 'no answer for 1.0 s']);
  });

  it('waits before it dials after an attempt that failed, so that a refusal makes no storm', async () => {
    for (const failed of [1, 2, 3]) {
      attempts.at(-1)?.onClose();
      await wind(499);
      expect(attempts).toHaveLength(failed);
      await wind(2);
      expect(attempts).toHaveLength(failed + 1);
    }
  });

  it('waits again after the attempt that followed a silence', async () => {
    socket.send('one');
    await wind(1_001);
    attempts.at(-1)?.onClose();
    await wind(400);
    expect(attempts).toHaveLength(2);
    await wind(101);
    expect(attempts).toHaveLength(3);
  });

  it('stays with a connection on which something arrives', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      socket.send('one');
      await wind(900);
      attempts[0]?.onText('two');
    }
    expect(attempts).toHaveLength(1);
  });
});
