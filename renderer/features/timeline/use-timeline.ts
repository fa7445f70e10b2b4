import { useEffect, useState } from 'react';
import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

export type TimelineSearch = ConsoleRequest<'readTimelineOverview'>;
export type TimelineOverview = ConsoleResponse<'readTimelineOverview'>;
export type TimelinePage = ConsoleResponse<'readTimeline'>;
export type TimelinePages = ReadonlyMap<number, TimelinePage>;

/** Records that are asked for at once: a few screens of rows. */
export const pageRows = 100;

export interface OverviewReading {
  /** The newest answer, also to an earlier search; null before the first one. */
  readonly overview: TimelineOverview | null;
  readonly error: ProductError | null;
}

/** How much a search finds, with roles and journals; read again whenever `beat` changes. */
export function useOverview(search: TimelineSearch, beat: string): OverviewReading {
  const { client } = useConsole();
  const key = JSON.stringify(search);
  const [reading, setReading] = useState<OverviewReading>({ overview: null, error: null });
  useEffect(() => {
    let awaited = true;
    client.call('readTimelineOverview', JSON.parse(key) as TimelineSearch).then(
      (overview) => {
        if (awaited) setReading({ overview, error: null });
      },
      (thrown: unknown) => {
        if (awaited) setReading((before) => ({ ...before, error: productErrorOf(thrown) }));
      },
    );
    return () => {
      awaited = false;
    };
  }, [client, key, beat]);
  return reading;
}

interface PagesReading {
  readonly key: string;
  readonly pages: TimelinePages;
  /** Of the reading before, for the pages that are read anew. */
  readonly stale: TimelinePages;
  readonly error: ProductError | null;
}

/**
 * The found records, page by page as they come into view. Each page is asked for behind the nearest one before it, so
 * that what arrives meanwhile moves nothing. `beat` changes whenever there may be more to read: then everything is
 * read again from the newest on. What is shown stays until the answer is there, also of another search.
 */
export function usePages(
  search: TimelineSearch,
  beat: string,
  wanted: readonly number[],
): Pick<PagesReading, 'pages' | 'error'> {
  const { client } = useConsole();
  const key = `${JSON.stringify(search)} ${beat}`;
  const [reading, setReading] = useState<PagesReading>({
    key: '',
    pages: noPages,
    stale: noPages,
    error: null,
  });
  const known = reading.key === key ? reading.pages : noPages;
  const next = wanted.find((page) => !known.has(page));
  const nearest = next === undefined ? undefined : nearestBefore(known, next);
  const nearestPage = nearest === undefined ? undefined : known.get(nearest);
  useEffect(() => {
    if (next === undefined) return;
    let awaited = true;
    const first = nearest === undefined ? 0 : nearest + 1;
    const request = {
      ...search,
      limit: pageRows,
      before: nearestPage?.end ?? null,
      skip: (next - first) * pageRows,
    };
    client.call('readTimeline', request).then(
      (page) => {
        if (!awaited) return;
        setReading((before) => ({
          key,
          pages: new Map([...(before.key === key ? before.pages : noPages), [next, page]]),
          stale: before.key === key ? before.stale : before.pages,
          error: null,
        }));
      },
      (thrown: unknown) => {
        if (awaited) setReading((before) => ({ ...before, error: productErrorOf(thrown) }));
      },
    );
    return () => {
      awaited = false;
    };
    // The search is in its key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, key, next, nearestPage]);
  const isReading = next !== undefined && reading.key === key;
  const pages = isReading ? new Map([...reading.stale, ...reading.pages]) : reading.pages;
  return { pages, error: reading.error };
}

const noPages: TimelinePages = new Map();

/** The last page before this one that has an end to go on behind. */
function nearestBefore(pages: TimelinePages, wanted: number): number | undefined {
  const before = [...pages.keys()].filter((page) => page < wanted && pages.get(page)!.end !== null);
  return before.length === 0 ? undefined : Math.max(...before);
}

/** Changes whenever any member has written more. */
export function journalHeads(site: SiteSight): string {
  return site.clusters
    .flatMap(({ members }) => members.map(({ snapshot }) => snapshot?.journalHead ?? 0))
    .join(' ');
}
