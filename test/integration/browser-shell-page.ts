import { WebSocket } from 'ws';
import type { ConsoleCallName, ConsoleRequest } from '../../shared/console-ipc/console-contract.ts';
import { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { HostFrame, type CallOutcome } from '../../shared/console-ipc/envelope.ts';

/** A page without a browser: exchanges the token, opens the WebSocket, parses everything. */
export interface TestPage {
  /** The newest snapshot, with the instant it arrived. */
  last(): { snapshot: ConsoleSnapshot; at: number } | null;
  /** How many snapshots came so far. */
  received(): number;
  call<Name extends ConsoleCallName>(name: Name, request: ConsoleRequest<Name>): Promise<CallOutcome>;
  /** Sends any text as it is. */
  sendRaw(text: string): void;
  /** The first snapshot that fits, already there or to come; rejects after the deadline. */
  until(fits: (snapshot: ConsoleSnapshot) => boolean, withinMs?: number): Promise<number>;
  closed: Promise<number>;
  close(): void;
}

/** Exchanges the one-time address for the session's cookie. */
export async function redeem(address: string): Promise<{ origin: string; cookie: string; status: number }> {
  const response = await fetch(address, { redirect: 'manual' });
  await response.arrayBuffer();
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { origin: new URL(address).origin, cookie, status: response.status };
}

export async function openPage(session: { origin: string; cookie: string }): Promise<TestPage> {
  const socket = new WebSocket(`${session.origin.replace('http:', 'ws:')}/ipc`, {
    headers: { origin: session.origin, cookie: session.cookie },
  });
  let last: { snapshot: ConsoleSnapshot; at: number } | null = null;
  let received = 0;
  let nextId = 1;
  const waiting = new Map<number, (outcome: CallOutcome) => void>();
  const watchers = new Set<() => void>();
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  socket.on('message', (data) => {
    const frame = HostFrame.parse(JSON.parse((data as Buffer).toString('utf8')));
    if (frame.type === 'outcome') {
      waiting.get(frame.id)?.(frame.outcome);
      waiting.delete(frame.id);
      return;
    }
    last = { snapshot: ConsoleSnapshot.parse(frame.event), at: performance.now() };
    received += 1;
    for (const watcher of watchers) watcher();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    last: () => last,
    received: () => received,
    call: (name, request) =>
      new Promise((resolve) => {
        const id = nextId++;
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, call: name, request }));
      }),
    sendRaw: (text) => socket.send(text),
    until: (fits, withinMs = 30_000) => until(() => last, fits, watchers, withinMs),
    closed,
    close: () => socket.close(),
  };
}

function until(
  last: () => { snapshot: ConsoleSnapshot; at: number } | null,
  fits: (snapshot: ConsoleSnapshot) => boolean,
  watchers: Set<() => void>,
  withinMs: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const seen = last();
      if (seen === null || !fits(seen.snapshot)) return;
      clearTimeout(deadline);
      watchers.delete(look);
      resolve(seen.at);
    };
    const deadline = setTimeout(() => {
      watchers.delete(look);
      reject(
        new Error(`not seen within ${withinMs} ms; last: ${JSON.stringify(last()?.snapshot.site?.clusters)}`),
      );
    }, withinMs);
    watchers.add(look);
    look();
  });
}
