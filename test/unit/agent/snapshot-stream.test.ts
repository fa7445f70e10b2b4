import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { openSnapshotStream, type SnapshotStream } from '../../../agent/api/snapshot-stream.ts';
import type { AgentSnapshot } from '../../../shared/agent-api/member-snapshot.ts';

/** Goal: whoever listens is kept up to date, and nothing is done for nobody. Method: listeners on fake timers. */
let stream: SnapshotStream;
let made: number;
beforeEach(() => {
  vi.useFakeTimers();
  made = 0;
  const snapshot = () => ({ number: ++made }) as unknown as AgentSnapshot;
  stream = openSnapshotStream(snapshot, null, { minGapMs: 100, idleMs: 1_000 });
});
afterEach(() => {
  stream.close();
  vi.useRealTimers();
});

function listener() {
  const sent: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    send: (text: string) => sent.push(text),
  });
  stream.add(socket as unknown as WebSocket, null);
  return { sent, leave: () => socket.emit('close') };
}

describe('the stream of snapshots', () => {
  it('sends one every second without a change, as long as somebody listens', () => {
    const [first, second] = [listener(), listener()];
    vi.advanceTimersByTime(2_000);
    expect([first.sent.length, second.sent.length]).toEqual([3, 3]);
    first.leave();
    vi.advanceTimersByTime(1_000);
    expect([first.sent.length, second.sent.length]).toEqual([3, 4]);
    second.leave();
    expect(vi.getTimerCount()).toBe(0);
    const again = listener();
    vi.advanceTimersByTime(1_000);
    expect(again.sent.length).toBe(2);
  });

  it('makes none while nobody listens', () => {
    stream.changed();
    vi.advanceTimersByTime(10_000);
    expect(made).toBe(0);
  });
});
