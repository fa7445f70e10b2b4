import { useCallback, useState } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { wallMs } from '../../../shared/fleet/timeline/role-bands.ts';
import { type Filter } from './filter-bar.tsx';
import { showing, type TimeView } from './time-view.ts';
import { useSearched } from './use-searched.ts';

/** An instant, and the record where one was picked. */
export interface Picked {
  readonly atMs: number;
  readonly record: JournalRecord | null;
}

const firstPage: readonly number[] = [0];

/**
 * A past as a person looks at it: what is chosen of it, what was found for that, and which instant is picked.
 * @param end when the past ends, or now; must be stable
 */
export function usePast(source: Parameters<typeof useSearched>[0], first: Filter, end: () => number) {
  const [filter, setFilter] = useState(first);
  const [pages, setPages] = useState(firstPage);
  const [picked, setPicked] = useState<Picked | null>(null);
  /** The cluster whose topology is drawn as it was then. */
  const [drawn, setDrawn] = useState<string | null>(null);
  const shown = useSearched(source, filter, pages);
  const onPages = useCallback((next: readonly number[]) => setPages(next), []);
  const choose = useCallback((next: Filter | ((before: Filter) => Filter)) => {
    setFilter(next);
    setPages(firstPage);
  }, []);
  const changeView = useCallback(
    (change: (view: TimeView) => TimeView) => choose((before) => ({ ...before, view: change(before.view) })),
    [choose],
  );
  const pickInstant = useCallback((atMs: number) => setPicked({ atMs, record: null }), []);
  const pickRecord = useCallback((record: JournalRecord) => setPicked({ atMs: wallMs(record), record }), []);
  const goTo = useCallback(
    (atMs: number) => {
      pickInstant(atMs);
      changeView((view) => showing(view, atMs, end()));
    },
    [pickInstant, changeView, end],
  );
  const unpick = useCallback(() => setPicked(null), []);
  return {
    ...{ source: source.source, filter, shown, picked, drawn, end },
    ...{ choose, changeView, onPages, pickInstant, pickRecord, goTo, unpick, setDrawn },
  };
}

export type Past = ReturnType<typeof usePast>;
