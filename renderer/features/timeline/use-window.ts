import { useMemo, useSyncExternalStore } from 'react';
import { useConsole } from '../../app/console-context.tsx';
import type { TimeWindow } from './axis.ts';

/** From `spanMs` ago until now, by the wall clock that the records are drawn by; moves on in small steps. */
export function useWindow(spanMs: number): TimeWindow {
  const { ticker } = useConsole();
  const stepMs = Math.max(1_000, spanMs / 400);
  const toMs = useSyncExternalStore(ticker.subscribe, () => Math.ceil(Date.now() / stepMs) * stepMs);
  return useMemo(() => ({ fromMs: toMs - spanMs, toMs }), [toMs, spanMs]);
}
