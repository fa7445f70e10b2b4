import { productError } from '../../shared/errors.ts';
import { HostFrame, type CallOutcome } from '../../shared/console-ipc/envelope.ts';
import type { Bridge } from './bridge.ts';

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
  /** Runs `task` after `delayMs`; returns the function that cancels it. */
  readonly later: (task: () => void, delayMs: number) => () => void;
  /** Waits between attempts in milliseconds; the last one repeats. */
  readonly backoffMs?: readonly number[];
  /** A call without an outcome for this long is given up as unknown, in milliseconds. */
  readonly callTimeoutMs?: number;
}

export interface SocketBridge extends Required<Bridge> {
  close(): void;
}

interface Pending {
  readonly settle: (outcome: CallOutcome) => void;
  readonly cancelTimeout: () => void;
}

const defaultBackoffMs = [250, 500, 1_000, 2_000, 5_000];

/** Speaks PageFrame and HostFrame over one WebSocket and opens it again, with growing waits, when it breaks. */
export function createSocketBridge(options: SocketBridgeOptions): SocketBridge {
  const backoffMs = options.backoffMs ?? defaultBackoffMs;
  const callTimeoutMs = options.callTimeoutMs ?? 15_000;
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(event: unknown) => void>>();
  const connectionListeners = new Set<(connected: boolean) => void>();
  let socket: Socket | undefined;
  let connected = false;
  let attempts = 0;
  let nextId = 1;
  let closed = false;
  let cancelRetry: (() => void) | undefined;

  function setConnected(value: boolean): void {
    if (connected === value) return;
    connected = value;
    for (const listener of connectionListeners) listener(value);
  }

  function connect(): void {
    const current = options.open();
    socket = current;
    current.onopen = () => {
      attempts = 0;
      setConnected(true);
    };
    current.onmessage = (message) => receive(message.data);
    current.onclose = () => {
      if (socket === current) broken();
    };
  }

  function broken(): void {
    socket = undefined;
    setConnected(false);
    for (const id of [...pending.keys()])
      settle(id, hostGone('The connection broke before the answer came.'));
    if (closed) return;
    const waitMs = backoffMs[Math.min(attempts, backoffMs.length - 1)] ?? 1_000;
    attempts += 1;
    cancelRetry = options.later(connect, waitMs);
  }

  function receive(data: unknown): void {
    const frame = HostFrame.safeParse(parseJson(data));
    if (!frame.success) return;
    if (frame.data.type === 'outcome') {
      settle(frame.data.id, frame.data.outcome);
      return;
    }
    const { name, event } = frame.data;
    for (const listener of listeners.get(name) ?? []) listener(event);
  }

  function settle(id: number, outcome: CallOutcome): void {
    const entry = pending.get(id);
    if (!entry) return;
    pending.delete(id);
    entry.cancelTimeout();
    entry.settle(outcome);
  }

  function call(name: string, request: unknown): Promise<CallOutcome> {
    if (!socket || !connected) return Promise.resolve(hostGone('The console host is not connected.'));
    const id = nextId++;
    const sent = socket;
    return new Promise((resolve) => {
      const cancelTimeout = options.later(
        () => settle(id, hostGone(`No answer to ${name} within ${callTimeoutMs / 1000} s.`)),
        callTimeoutMs,
      );
      pending.set(id, { settle: resolve, cancelTimeout });
      sent.send(JSON.stringify({ id, call: name, request }));
    });
  }

  connect();
  return {
    call,
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
    onConnection(listener) {
      connectionListeners.add(listener);
      listener(connected);
      return () => void connectionListeners.delete(listener);
    },
    close() {
      closed = true;
      cancelRetry?.();
      socket?.close();
    },
  };
}

/** What was asked may or may not have happened: the code that says so, never "failed". */
function hostGone(message: string): CallOutcome {
  return { ok: false, error: productError('server.timeout', message) };
}

function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
