import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClusterView, ConsoleSnapshot, TrafficView } from '../../shared/console-ipc/console-snapshot.ts';

/** One point of a cluster's recent past; null: not known then, drawn as a gap. */
export interface HistoryPoint {
  readonly atMs: number;
  readonly perSecond: number | null;
  readonly queued: number | null;
}

/** A time without an answer that a sender had, as this page saw it. */
export interface SenderWait {
  readonly beganAtMs: number;
  readonly ms: number;
}

export interface HistoryState {
  readonly byCluster: Readonly<Record<string, readonly HistoryPoint[]>>;
  /** Waits worth a look, oldest first; the last one may go on. */
  readonly waitsByCluster: Readonly<Record<string, readonly SenderWait[]>>;
  /** Whose past it is: another site has clusters of the same names. */
  readonly site: string | null;
  /** Since when this page sees the site; null: not yet. */
  readonly sinceMs: number | null;
  note(snapshot: ConsoleSnapshot, nowMs: number): void;
}

export type History = StoreApi<HistoryState>;

const pointEveryMs = 1_000;
/** Shorter than this is the ordinary pause between two messages. */
export const shortestWaitMs = 500;
const keepWaits = 50;
const keepPoints = 900;

/** What this page has seen since it was opened, one point a second, the last quarter of an hour. */
export function createHistory(): History {
  return createStore<HistoryState>()((set, get) => ({
    byCluster: {},
    waitsByCluster: {},
    site: null,
    sinceMs: null,
    note(snapshot, nowMs) {
      const site = snapshot.site?.id ?? null;
      if (site !== null && site !== get().site) {
        set({ site, sinceMs: nowMs, byCluster: {}, waitsByCluster: {} });
      }
      const { waitsByCluster } = get();
      const waits = noteWaits(waitsByCluster, snapshot.site?.clusters ?? [], nowMs);
      if (waits !== waitsByCluster) set({ waitsByCluster: waits });
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

type Waits = HistoryState['waitsByCluster'];

/** Adds what each cluster's senders wait now; the same object when nobody waits. */
function noteWaits(known: Waits, clusters: readonly ClusterView[], nowMs: number): Waits {
  let waits = known;
  for (const { id, traffic } of clusters) {
    if (!traffic) continue;
    if (traffic.currentGapMs < shortestWaitMs) {
      const whole = wholeWait(waits[id]?.at(-1), traffic, nowMs);
      if (whole) waits = { ...waits, [id]: [...waits[id]!.slice(0, -1), whole] };
      continue;
    }
    const beganAtMs = nowMs - traffic.ageMs - traffic.currentGapMs;
    const before = waits[id] ?? [];
    const last = before.at(-1);
    const same = last && Math.abs(last.beganAtMs - beganAtMs) < shortestWaitMs;
    const wait = same
      ? { ...last, ms: Math.max(last.ms, traffic.currentGapMs) }
      : { beganAtMs, ms: traffic.currentGapMs };
    waits = { ...waits, [id]: [...(same ? before.slice(0, -1) : before), wait].slice(-keepWaits) };
  }
  return waits;
}

/** The end of a wait falls between two looks: where it was the longest ever, the sender tells its whole length. */
function wholeWait(last: SenderWait | undefined, traffic: TrafficView, nowMs: number): SenderWait | null {
  if (!last || nowMs - (last.beganAtMs + last.ms) > 2 * pointEveryMs) return null;
  const more = traffic.longestGapMs - last.ms;
  return more > 0 && more < pointEveryMs ? { ...last, ms: traffic.longestGapMs } : null;
}

/**
 * The longest wait that began while a change ran, in milliseconds: from `fromMs` to `toMs` of this page's
 * clock. Null when the page did not see the whole of it.
 */
export function longestWaitWithin(
  { byCluster, waitsByCluster, sinceMs }: Omit<HistoryState, 'note'>,
  cluster: string,
  span: { readonly fromMs: number; readonly toMs: number },
): number | null {
  if (sinceMs === null || sinceMs > span.fromMs || !lookedOn(byCluster[cluster] ?? [], span)) return null;
  const within = (waitsByCluster[cluster] ?? []).filter(
    ({ beganAtMs, ms }) => beganAtMs + ms >= span.fromMs && beganAtMs <= span.toMs,
  );
  return Math.max(0, ...within.map(({ ms }) => ms));
}

/** No pause in what this page heard: a sleeping workstation or a lost host sees nothing. */
function lookedOn(points: readonly HistoryPoint[], span: { readonly fromMs: number; readonly toMs: number }) {
  const longestPauseMs = 4 * pointEveryMs;
  const within = points.filter(({ atMs }) => atMs >= span.fromMs - longestPauseMs && atMs <= span.toMs);
  const instants = [...within.map(({ atMs }) => atMs), span.toMs];
  return instants.every((at, index) => index === 0 || at - instants[index - 1]! <= longestPauseMs);
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
