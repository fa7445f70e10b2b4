import type { WebSocket } from 'ws';
import type { StreamFrame } from '../../shared/agent-api/agent-api.ts';
import type { AgentSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { Journal } from '../journal/journal.ts';

export interface SnapshotStream {
  /** Sends the present state to a new listener, then every change; journal records from `from` on. */
  add(socket: WebSocket, from: number | null): void;
  /** Tells that something changed: sent at once, then at most every `minGapMs`. */
  changed(): void;
  close(): void;
}

/** A listener whose socket holds back more than this is dropped: it would grow without bound. */
const maxBufferedBytes = 1024 * 1024;

/**
 * Whole snapshots to every listener: the first change leaves at once, more within `minGapMs` are joined, and
 * without a change one leaves every `idleMs`, so that ages stay true.
 */
export function openSnapshotStream(
  snapshot: () => AgentSnapshot,
  journal: Journal | null,
  pace: { readonly minGapMs: number; readonly idleMs: number },
): SnapshotStream {
  const sockets = new Set<WebSocket>();
  let timer: NodeJS.Timeout | null = null;
  let sentAt = -Infinity;
  // Runs while somebody listens, so that an agent to which nobody listens is not woken.
  let idle: NodeJS.Timeout | null = null;
  const unsubscribe = journal?.onAppend((record) => send({ type: 'journal', records: [record] }));

  function send(frame: StreamFrame): void {
    if (sockets.size === 0) return;
    const text = JSON.stringify(frame);
    for (const socket of sockets) {
      if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
      else socket.send(text);
    }
  }
  function sendAll(): void {
    sentAt = performance.now();
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // Making it costs more than sending it.
    if (sockets.size > 0) send({ type: 'snapshot', snapshot: snapshot() });
  }

  function endIdle(): void {
    if (idle !== null) clearInterval(idle);
    idle = null;
  }

  return {
    add(socket, from) {
      sockets.add(socket);
      idle ??= setInterval(() => sendAll(), pace.idleMs);
      socket.on('close', () => {
        sockets.delete(socket);
        if (sockets.size === 0) endIdle();
      });
      const frames: StreamFrame[] = [{ type: 'snapshot', snapshot: snapshot() }];
      if (journal !== null && from !== null)
        frames.push({ type: 'journal', records: journal.read(from, 500).records });
      for (const frame of frames) socket.send(JSON.stringify(frame));
    },
    changed() {
      if (timer !== null) return;
      const wait = sentAt + pace.minGapMs - performance.now();
      if (wait <= 0) sendAll();
      else timer = setTimeout(sendAll, wait);
    },
    close() {
      endIdle();
      if (timer !== null) clearTimeout(timer);
      unsubscribe?.();
    },
  };
}
