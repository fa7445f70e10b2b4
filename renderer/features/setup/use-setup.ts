import { createContext, use } from 'react';
import { useStore } from 'zustand';
import { useConsole, useNow } from '../../app/console-context.tsx';
import type { DraftCluster, DraftServer, SetupDraft, SetupStepName } from '../../../shared/setup/draft.ts';
import { setupGaps } from '../../../shared/setup/gaps.ts';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import type { SetupState } from '../../stores/setup.ts';

/** An open setup, as every step of it sees it. */
export interface OpenSetup {
  readonly draft: SetupDraft;
  readonly view: SetupView;
  /** Since the view arrived, in milliseconds. */
  readonly elapsedMs: number;
  readonly edit: SetupState['edit'];
  readonly act: SetupState['act'];
  /** What a field still needs; null: nothing, or nobody has tried to go on yet. */
  readonly gapOf: (field: string) => string | null;
}

const SetupContext = createContext<OpenSetup | null>(null);
export const SetupProvider = SetupContext;

export function useSetup(): OpenSetup {
  const value = use(SetupContext);
  if (!value) throw new Error('SetupProvider is missing');
  return value;
}

/** The setup that a page shows, or null until the host has answered. `tried`: the person wanted to go on. */
export function useOpenSetup(step: SetupStepName, tried: boolean): OpenSetup | null {
  const { setup } = useConsole();
  const { view, draft, arrivedAtMs, edit, act } = useStore(setup);
  const elapsedMs = Math.max(0, useNow(500) - arrivedAtMs);
  if (!view || !draft) return null;
  const gaps = setupGaps(draft, step, view.measured.times);
  const gapOf = (field: string) => (tried ? (gaps.find((gap) => gap.field === field)?.needs ?? null) : null);
  return { draft, view, elapsedMs, edit, act, gapOf };
}

export function changeServer(
  index: number,
  change: (server: DraftServer) => DraftServer,
): (draft: SetupDraft) => SetupDraft {
  return (draft) => ({
    ...draft,
    servers: draft.servers.map((server, place) => (place === index ? change(server) : server)),
  });
}

export function changeCluster(
  index: number,
  change: (cluster: DraftCluster) => DraftCluster,
): (draft: SetupDraft) => SetupDraft {
  return (draft) => ({
    ...draft,
    clusters: draft.clusters.map((cluster, place) => (place === index ? change(cluster) : cluster)),
  });
}
