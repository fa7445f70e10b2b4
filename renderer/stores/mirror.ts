import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProductError } from '../../shared/errors.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';

/** What the host last said and when. Instants are milliseconds of the page's own monotonic clock. */
export interface MirrorState {
  readonly snapshot: ConsoleSnapshot | null;
  readonly arrivedAtMs: number;
  /** Why the first snapshot of this connection could not be used; null: it could, or none has come yet. */
  readonly failure: ProductError | null;
  readonly connected: boolean;
  /** Since the connection is as it is. */
  readonly connectionSinceMs: number;
  /** Takes a snapshot unless it is older than the one kept; false: ignored. */
  accept(snapshot: ConsoleSnapshot, nowMs: number): boolean;
  /** Takes the answer of a fresh connection: its host may have started anew and count from one. */
  acceptFirst(snapshot: ConsoleSnapshot, nowMs: number): boolean;
  setFailure(failure: ProductError): void;
  setConnected(connected: boolean, nowMs: number): void;
}

export type Mirror = StoreApi<MirrorState>;

/** The page's copy of the host's state. Written by the ipc feed only. */
export function createMirror(nowMs: number): Mirror {
  return createStore<MirrorState>()((set, get) => ({
    snapshot: null,
    arrivedAtMs: nowMs,
    failure: null,
    connected: false,
    connectionSinceMs: nowMs,
    accept(snapshot, arrivedAtMs) {
      const kept = get().snapshot;
      if (kept && snapshot.revision <= kept.revision) return false;
      set({ snapshot, arrivedAtMs, failure: null });
      return true;
    },
    acceptFirst(snapshot, arrivedAtMs) {
      const kept = get().snapshot;
      const sameRun = kept !== null && snapshot.madeAtMs >= kept.madeAtMs;
      if (sameRun && snapshot.revision <= kept.revision) return false;
      set({ snapshot, arrivedAtMs, failure: null });
      return true;
    },
    setFailure: (failure) => set({ failure }),
    setConnected(connected, connectionSinceMs) {
      if (get().connected !== connected) set({ connected, connectionSinceMs });
    },
  }));
}
