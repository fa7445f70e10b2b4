import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClusterView, ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';

/** One point of a cluster's recent past; null: not known then, drawn as a gap. */
export interface HistoryPoint {
  readonly atMs: number;
  readonly perSecond: number | null;
  readonly queued: number | null;
}

export interface HistoryState {
  readonly byCluster: Readonly<Record<string, readonly HistoryPoint[]>>;
  note(snapshot: ConsoleSnapshot, nowMs: number): void;
}

export type History = StoreApi<HistoryState>;

const pointEveryMs = 1_000;
const keepPoints = 900;

/** What this page has seen since it was opened, one point a second, the last quarter of an hour. */
export function createHistory(): History {
  return createStore<HistoryState>()((set, get) => ({
    byCluster: {},
    note(snapshot, nowMs) {
      const byCluster = { ...get().byCluster };
      let changed = false;
      for (const cluster of snapshot.site?.clusters ?? []) {
        const points = byCluster[cluster.id] ?? [];
        const last = points.at(-1);
        if (last && nowMs - last.atMs < pointEveryMs) continue;
        byCluster[cluster.id] = [...points.slice(-(keepPoints - 1)), pointOf(cluster, nowMs)];
        changed = true;
      }
      if (changed) set({ byCluster });
    },
  }));
}

function pointOf(cluster: ClusterView, atMs: number): HistoryPoint {
  const active = cluster.members.find(
    (member) => member.link.state === 'connected' && member.snapshot?.role.observed === 'active',
  );
  const everyoneHeard = cluster.members.every((member) => member.link.state === 'connected');
  const engine = active?.snapshot?.engine;
  // Nobody Active although everybody answers is a known zero, not a gap.
  const idle = !active && everyoneHeard ? 0 : null;
  return {
    atMs,
    perSecond: cluster.traffic?.perSecond ?? engine?.messagesPerSecond.value ?? idle,
    queued: engine?.queued.value ?? null,
  };
}
