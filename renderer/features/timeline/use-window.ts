import { useMemo, useSyncExternalStore } from 'react';
import { useConsole } from '../../app/console-context.tsx';
import type { TimeWindow } from './axis.ts';
import { windowOf, type TimeView } from './time-view.ts';

const day = 24 * 3_600_000;

/**
 * What a view shows, by the wall clock that the records are drawn by; one that is recent moves on in small steps,
 * unless its records end at `endMs`.
 */
export function useWindow(view: TimeView, endMs: number | null = null): TimeWindow {
  const { ticker } = useConsole();
  const stepMs = Math.max(1_000, (view.kind === 'recent' ? view.spanMs : day) / 400);
  const nowMs = useSyncExternalStore(ticker.subscribe, () => Math.ceil(Date.now() / stepMs) * stepMs);
  const toMs = endMs ?? nowMs;
  return useMemo(() => windowOf(view, toMs), [view, toMs]);
}
