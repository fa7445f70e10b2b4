import { createSpotlight, type SpotlightStore } from '@mantine/spotlight';
import { createContext, use, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ProductError } from '../../shared/errors.ts';
import { siteSight, type SiteSight } from '../../shared/fleet/sight.ts';
import { isSetupBegun } from '../../shared/setup/steps.ts';
import { longestWaitWithin, type History, type HistoryPoint } from '../stores/history.ts';
import type { Advisor } from '../stores/advisor.ts';
import type { Drills } from '../stores/drills.ts';
import type { Mirror } from '../stores/mirror.ts';
import type { Notifications } from '../stores/notifications.ts';
import type { Readiness } from '../stores/readiness.ts';
import type { Patch } from '../stores/patch.ts';
import type { Plan } from '../stores/plan.ts';
import type { Servers } from '../stores/servers.ts';
import type { Setup } from '../stores/setup.ts';
import type { Ui, UiState } from '../stores/ui.ts';
import type { Ticker } from './ticker.ts';

/** Everything the page is made from, built once in main.tsx (or by a test). */
export interface Console {
  readonly client: ConsoleClient;
  readonly mirror: Mirror;
  readonly history: History;
  readonly ui: Ui;
  readonly setup: Setup;
  readonly servers: Servers;
  readonly plan: Plan;
  readonly advisor: Advisor;
  readonly readiness: Readiness;
  readonly drills: Drills;
  readonly patch: Patch;
  readonly notifications: Notifications;
  readonly ticker: Ticker;
  readonly palette: Palette;
  readonly newKey: () => string;
}

/** The command palette can be opened from anywhere. */
export interface Palette {
  readonly store: SpotlightStore;
  readonly open: () => void;
}

export function createPalette(): Palette {
  const [store, actions] = createSpotlight();
  return { store, open: actions.open };
}

const ConsoleContext = createContext<Console | null>(null);

export function ConsoleProvider(props: { readonly console: Console; readonly children: ReactNode }) {
  return <ConsoleContext value={props.console}>{props.children}</ConsoleContext>;
}

export function useConsole(): Console {
  const value = use(ConsoleContext);
  if (!value) throw new Error('ConsoleProvider is missing');
  return value;
}

export function useSnapshot(): ConsoleSnapshot | null {
  return useStore(useConsole().mirror, (state) => state.snapshot);
}

/** Whether a setup was begun on this workstation that is not the site shown. */
export function useSetupBegun(): boolean {
  const view = useStore(useConsole().setup, (state) => state.view);
  const shownSite = useSnapshot()?.site?.id ?? null;
  return view !== null && isSetupBegun(view, shownSite);
}

/** Why there is no snapshot although the host answers; null: there is one, or none is due yet. */
export function useSnapshotFailure(): ProductError | null {
  return useStore(useConsole().mirror, (state) => state.failure);
}

export function useConnection(): { readonly connected: boolean; readonly sinceMs: number } {
  const { mirror } = useConsole();
  const connected = useStore(mirror, (state) => state.connected);
  const sinceMs = useStore(mirror, (state) => state.connectionSinceMs);
  return { connected, sinceMs };
}

export function useUi<Value>(select: (state: UiState) => Value): Value {
  return useStore(useConsole().ui, select);
}

const noPoints: readonly HistoryPoint[] = [];

export function useHistory(cluster: string): readonly HistoryPoint[] {
  return useStore(useConsole().history, (state) => state.byCluster[cluster] ?? noPoints);
}

/**
 * The longest wait of the cluster's senders, in milliseconds, while something ran that began
 * `startedAgoMs` before the present snapshot; null: this page did not see all of it.
 */
export function useLongestWait(
  cluster: string,
  { startedAgoMs, tookMs }: { readonly startedAgoMs: number; readonly tookMs: number },
): number | null {
  const { history, mirror } = useConsole();
  const arrivedAtMs = useStore(mirror, (state) => state.arrivedAtMs);
  const fromMs = arrivedAtMs - startedAgoMs;
  return useStore(history, (state) => longestWaitWithin(state, cluster, { fromMs, toMs: fromMs + tookMs }));
}

/** The page's clock, in steps of `stepMs`; re-renders at each step. */
export function useNow(stepMs = 200): number {
  const { ticker } = useConsole();
  return useSyncExternalStore(ticker.subscribe, () => Math.floor(ticker.now() / stepMs) * stepMs);
}

/** Milliseconds since the present snapshot arrived, in steps. */
export function useElapsed(stepMs = 200): number {
  const { mirror } = useConsole();
  const arrivedAtMs = useStore(mirror, (state) => state.arrivedAtMs);
  return Math.max(0, useNow(stepMs) - arrivedAtMs);
}

/** The site as known now, judged anew at every snapshot and twice a second between them; null: no site yet. */
export function useSite(): SiteSight | null {
  const snapshot = useSnapshot();
  const elapsedMs = useElapsed(500);
  const site = snapshot?.site ?? null;
  return useMemo(() => site && siteSight(site, elapsedMs), [site, elapsedMs]);
}
