import { useDebouncedValue } from '@mantine/hooks';
import { startOfDay } from 'date-fns';
import { useMemo } from 'react';
import type { JournalKind, JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { roleBands } from '../../../shared/fleet/timeline/role-bands.ts';
import { kindChoices, type Filter } from './filter-bar.tsx';
import { useHeldList } from './use-held-list.ts';
import { useOverview, usePages } from './use-timeline.ts';
import { useWindow } from './use-window.ts';

/** What is marked below the lanes. */
export const markedKinds: readonly JournalKind[] = ['command', 'alarm', 'agent'];
/** While a hand wheels or drags on, nothing is searched for but the first and the last stretch. */
const settlingMs = 150;
const firstPage = [0];
const noRecords: readonly JournalRecord[] = [];

/**
 * Everything that a past shows for what is chosen: its lanes, and the pages of its list that are in view.
 * @param source null: of the site that is shown; else of this bundle
 * @param beat changes whenever there may be more to read
 * @param endMs where the records end; null: they go on, until now
 */
export function useSearched(
  { source, beat, endMs }: { source: string | null; beat: string; endMs: number | null },
  filter: Filter,
  view: readonly number[],
) {
  const window = useWindow(filter.view, endMs);
  const [settled] = useDebouncedValue(filter.view, settlingMs, { leading: true });
  const { fromMs, toMs } = useWindow(settled, endMs);
  const base = {
    source,
    from: new Date(fromMs).toISOString(),
    to: settled.kind === 'recent' ? null : new Date(toMs).toISOString(),
    clusters: filter.cluster === '' ? [] : [filter.cluster],
  };
  const search = { ...base, kinds: [...kindChoices[filter.kind]], text: filter.text };
  const key = JSON.stringify({ ...filter, view: settled });
  const { overview, scope, error } = useOverview(search, beat, key);
  const found = { search, beat, total: overview?.total ?? 0 };
  const { list, isBehind } = useHeldList(found, { filter: key, isAtTop: view.includes(0) });
  const reading = usePages(list.search, list.beat, view);
  const marks = usePages({ ...base, kinds: [...markedKinds], text: '' }, beat, firstPage);
  const bands = useMemo(() => roleBands(overview?.roles ?? [], window), [overview, window]);
  return {
    ...{ base, key, overview, window, bands, isBehind },
    total: list.total,
    pages: reading.pages,
    error: error ?? reading.error,
    marks: marks.pages.get(0)?.records ?? noRecords,
    oldestMs: overview?.oldest == null ? null : Date.parse(overview.oldest),
    /** Some instant of today, or of the day on which the records end. */
    dayMs: startOfDay(overview === null ? toMs : (endMs ?? Date.parse(overview.now))).getTime(),
    /** The lanes are not of what is chosen yet. */
    areLanesBehind: scope !== JSON.stringify(filter),
  };
}
