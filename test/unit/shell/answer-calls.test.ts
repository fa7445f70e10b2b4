import { describe, expect, test } from 'vitest';
import { answerCalls } from '../../../electron/shell/answer-calls.ts';
import { createBridge } from '../../../electron/shell/bridge.ts';
import { sendEvent } from '../../../electron/shell/send-events.ts';
import { consoleCallNames } from '../../../shared/console-ipc/console-contract.ts';
import type { CallOutcome } from '../../../shared/console-ipc/envelope.ts';

type Handler = (event: unknown, request: unknown) => Promise<CallOutcome>;

/** Electron's two ends of IPC, joined; every message arrives from `frame`. */
function wire(frame: { url: string; parent: unknown } | null) {
  const handlers = new Map<string, Handler>();
  const removed: string[] = [];
  const dispatched: unknown[] = [];
  answerCalls(
    {
      ipcMain: {
        handle: (channel: string, handler: unknown) => handlers.set(channel, handler as Handler),
        removeAllListeners: (channel?: string) => {
          removed.push(channel ?? 'all');
        },
      } as unknown as Parameters<typeof answerCalls>[0]['ipcMain'],
    },
    (name, request) => {
      dispatched.push([name, request]);
      return Promise.resolve({ ok: true, value: name });
    },
  );
  const invoke = (channel: string, request: unknown) => {
    const handler = handlers.get(channel);
    if (handler === undefined) throw new Error(`no handler for ${channel}`);
    return handler({ senderFrame: frame }, request);
  };
  return { handlers, removed, dispatched, invoke };
}

const ourPage = { url: 'app://console/', parent: null };

describe('calls over IPC', () => {
  test('every call of the contract has a handler, and there is no other channel', () => {
    const { handlers, removed } = wire(ourPage);
    expect([...handlers.keys()].sort()).toEqual(
      consoleCallNames.map((name) => `console:call:${name}`).sort(),
    );
    expect(removed).toEqual(['electron-store-get-data']);
  });

  test.each(consoleCallNames)('%s is dispatched for the page', async (name) => {
    const { invoke, dispatched } = wire(ourPage);
    const bridge = createBridge({ invoke, on: () => undefined, off: () => undefined } as never);
    expect(await bridge.call(name, { some: 'request' })).toEqual({ ok: true, value: name });
    expect(dispatched).toEqual([[name, { some: 'request' }]]);
  });

  test.each(
    consoleCallNames.flatMap((name) =>
      [null, { url: 'app://console/', parent: {} }, { url: 'https://console/', parent: null }].map(
        (frame) => [name, frame] as const,
      ),
    ),
  )('%s is refused from %j and never reaches the host', async (name, frame) => {
    const { invoke, dispatched } = wire(frame);
    const outcome = await invoke(`console:call:${name}`, {});
    expect(outcome).toMatchObject({ ok: false, error: { code: 'session.refused' } });
    expect(dispatched).toEqual([]);
  });
});

describe('the bridge', () => {
  test('has two keys and no way to another channel', async () => {
    const invoked: string[] = [];
    const bridge = createBridge({
      invoke: (channel: string) => {
        invoked.push(channel);
        return Promise.resolve();
      },
      on: () => {
        throw new Error('nothing to listen to');
      },
      off: () => undefined,
    } as never);
    expect(Object.keys(bridge).sort()).toEqual(['call', 'on']);
    for (const name of ['electron-store-get-data', '__proto__', 'console:call:healAll', '']) {
      expect(await bridge.call(name, {})).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
      expect(bridge.on(name, () => undefined)()).toBeUndefined();
    }
    expect(invoked).toEqual([]);
  });

  test('passes the event on, never Electron’s event object, until it is ended', () => {
    type Listener = (event: unknown, payload: unknown) => void;
    const listeners = new Set<Listener>();
    const bridge = createBridge({
      invoke: () => Promise.resolve(),
      on: (_channel: string, listener: Listener) => listeners.add(listener),
      off: (_channel: string, listener: Listener) => listeners.delete(listener),
    } as never);
    const heard: unknown[][] = [];
    const end = bridge.on('snapshot', (...all: unknown[]) => heard.push(all));
    for (const listener of listeners) listener({ sender: 'ipcRenderer' }, { revision: 1 });
    expect(heard).toEqual([[{ revision: 1 }]]);
    end();
    expect(listeners.size).toBe(0);
  });
});

describe('an event to the page', () => {
  const sent: string[] = [];
  const page = (url: string, destroyed = false) => ({
    isDestroyed: () => destroyed,
    getURL: () => url,
    send: (channel: string) => sent.push(channel),
  });

  test('is sent while the window shows the page, and only then', () => {
    const snapshot = {} as Parameters<typeof sendEvent<'snapshot'>>[2];
    sendEvent(page('app://console/') as never, 'snapshot', snapshot);
    sendEvent(page('https://console/') as never, 'snapshot', snapshot);
    sendEvent(page('', false) as never, 'snapshot', snapshot);
    sendEvent(page('app://console/', true) as never, 'snapshot', snapshot);
    expect(sent).toEqual(['console:event:snapshot']);
  });
});
