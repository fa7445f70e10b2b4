import { HostFrame } from '../../shared/console-ipc/envelope.ts';
import type { Bridge } from './bridge.ts';
import { createPendingCalls, hostGone, type Later } from './pending-calls.ts';

/** The part of a WebSocket that is used, so that a test can bring its own. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface SocketBridgeOptions {
  readonly open: () => Socket;
  readonly later: Later;
  /** Waits between attempts in milliseconds; the last one repeats. */
  readonly backoffMs?: readonly number[];
}

export interface SocketBridge extends Required<Bridge> {
  close(): void;
}

const defaultBackoffMs = [250, 500, 1_000, 2_000];

/** A call without an outcome for this long is given up as unknown. For an export a page may be printed meanwhile. */
function limitOf(name: string): number {
  return name.startsWith('export') ? 45_000 : 15_000;
}

/** Speaks PageFrame and HostFrame over one WebSocket and opens it again, with growing waits, when it breaks. */
export function createSocketBridge(options: SocketBridgeOptions): SocketBridge {
  const calls = createPendingCalls(options.later, limitOf);
  const listeners = new Map<string, Set<(event: unknown) => void>>();
  const receive = (data: unknown) => {
    const frame = HostFrame.safeParse(parseJson(data));
    if (!frame.success) return;
    if (frame.data.type === 'outcome') return calls.settle(frame.data.id, frame.data.outcome);
    for (const listener of listeners.get(frame.data.name) ?? []) listener(frame.data.event);
  };
  const line = keepConnected(options, receive, () =>
    calls.settleAll(hostGone('The connection broke before the answer came.')),
  );
  return {
    async call(name, request) {
      const socket = line.socket();
      if (!socket) return hostGone('The console host is not connected.');
      return calls.add(name, (id) => socket.send(JSON.stringify({ id, call: name, request })));
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
    onConnection: line.onConnection,
    close: line.close,
  };
}

/** One open socket, or an attempt to come. `socket()` is undefined while there is none. */
function keepConnected(
  options: SocketBridgeOptions,
  onMessage: (data: unknown) => void,
  onBroken: () => void,
) {
  const backoffMs = options.backoffMs ?? defaultBackoffMs;
  const watchers = new Set<(connected: boolean) => void>();
  let current: Socket | undefined;
  let connected = false;
  let attempts = 0;
  let closed = false;
  let cancelRetry: (() => void) | undefined;

  const tell = (value: boolean) => {
    if (connected === value) return;
    connected = value;
    for (const watcher of [...watchers]) watcher(value);
  };
  const connect = () => {
    const socket = options.open();
    current = socket;
    socket.onopen = () => {
      attempts = 0;
      tell(true);
    };
    socket.onmessage = (message) => onMessage(message.data);
    socket.onclose = () => {
      if (current !== socket) return;
      current = undefined;
      onBroken();
      tell(false);
      if (closed) return;
      cancelRetry = options.later(connect, backoffMs[Math.min(attempts, backoffMs.length - 1)] ?? 1_000);
      attempts += 1;
    };
  };
  connect();
  return {
    socket: () => (connected ? current : undefined),
    onConnection(watcher: (connected: boolean) => void) {
      watchers.add(watcher);
      watcher(connected);
      return () => void watchers.delete(watcher);
    },
    close() {
      closed = true;
      cancelRetry?.();
      current?.close();
    },
  };
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
