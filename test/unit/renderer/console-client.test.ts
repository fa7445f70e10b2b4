import { describe, expect, it } from 'vitest';
import { productError } from '../../../shared/errors.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import type { Bridge } from '../../../renderer/ipc/bridge.ts';
import { CallFailure, createConsoleClient, productErrorOf } from '../../../renderer/ipc/console-client.ts';
import { feedMirror } from '../../../renderer/ipc/feed.ts';
import { createHistory } from '../../../renderer/stores/history.ts';
import { createMirror } from '../../../renderer/stores/mirror.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf, lostFor } from '../../screens/site-fixture.ts';

/** A bridge that answers every call with `outcome`, and lets the test send events. */
function fakeBridge(outcome: (name: string) => unknown) {
  const listeners = new Map<string, (event: unknown) => void>();
  let connection: ((connected: boolean) => void) | undefined;
  const bridge: Bridge = {
    call: (name) => Promise.resolve(outcome(name)),
    on(name, listener) {
      listeners.set(name, listener);
      return () => void listeners.delete(name);
    },
    onConnection(listener) {
      connection = listener;
      return () => undefined;
    },
  };
  return {
    bridge,
    send: (event: unknown) => listeners.get('snapshot')?.(event),
    connect: (connected: boolean) => connection?.(connected),
  };
}

const at = (revision: number, madeAtMs = 1_000): ConsoleSnapshot => ({
  ...fixtures.healthy(),
  revision,
  madeAtMs,
});

describe('console client', () => {
  it('passes on an answer that fits the contract', async () => {
    const client = createConsoleClient(
      fakeBridge(() => ({
        ok: true,
        value: { theme: 'dark', shell: 'browser', welcomed: true, desktopNotes: true },
      })).bridge,
    );
    expect(await client.call('getPreferences', {})).toEqual({
      theme: 'dark',
      shell: 'browser',
      welcomed: true,
      desktopNotes: true,
    });
  });

  it('refuses an answer that does not fit, and a frame that is no outcome', async () => {
    for (const outcome of [{ ok: true, value: { theme: 'pink' } }, 'nonsense', { ok: 1 }]) {
      const client = createConsoleClient(fakeBridge(() => outcome).bridge);
      const failure = await client.call('getPreferences', {}).catch((thrown: unknown) => thrown);
      expect(productErrorOf(failure).code).toBe('agent.nonsense');
    }
  });

  it('fails with the product error of the host', async () => {
    const error = productError('demo.only', 'This is no demo.');
    const client = createConsoleClient(fakeBridge(() => ({ ok: false, error })).bridge);
    const failure = await client.call('healAll', {}).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(CallFailure);
    expect(productErrorOf(failure)).toEqual(error);
  });

  it('drops an event that does not fit', () => {
    const { bridge, send } = fakeBridge(() => undefined);
    const seen: number[] = [];
    createConsoleClient(bridge).on('snapshot', (snapshot) => seen.push(snapshot.revision));
    send({ revision: 'x' });
    send(at(3));
    expect(seen).toEqual([3]);
  });
});

describe('mirror', () => {
  it('keeps the highest revision, whichever way it came', async () => {
    const { bridge, send, connect } = fakeBridge(() => ({ ok: true, value: at(5) }));
    const mirror = createMirror(0);
    feedMirror(createConsoleClient(bridge), mirror, createHistory(), () => 10);
    connect(true);
    send(at(7));
    send(at(6));
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
    expect(mirror.getState().snapshot?.revision).toBe(7);
  });

  it('takes lower revisions of a host that was started anew', async () => {
    const { bridge, send, connect } = fakeBridge(() => ({ ok: true, value: at(2, 10) }));
    const mirror = createMirror(0);
    feedMirror(createConsoleClient(bridge), mirror, createHistory(), () => 10);
    send(at(900, 5_000_000));
    connect(false);
    expect(mirror.getState().connected).toBe(false);
    connect(true);
    await new Promise((resolve) => setTimeout(resolve));
    expect(mirror.getState().snapshot?.revision).toBe(2);
  });
});

describe('history', () => {
  it('notes one point a second and a gap where nothing is known', () => {
    const history = createHistory();
    history.getState().note(at(1), 0);
    history.getState().note(at(2), 400);
    const split = fixtures.split();
    clusterOf(split, 'WK1').traffic = null;
    clusterOf(split, 'WK1').members[0]!.link = lostFor(9_000);
    history.getState().note(split, 1_000);
    expect(history.getState().byCluster['WK1']?.map((point) => [point.atMs, point.perSecond])).toEqual([
      [0, 18.4],
      [1_000, null],
    ]);
  });

  it('keeps a quarter of an hour', () => {
    const history = createHistory();
    for (let second = 0; second < 1_000; second += 1) history.getState().note(at(second), second * 1_000);
    expect(history.getState().byCluster['WK1']).toHaveLength(900);
  });
});
