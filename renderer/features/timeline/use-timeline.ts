import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';
import { useFollowing } from './use-following.ts';

export type TimelineSearch = ConsoleRequest<'readTimelineOverview'>;
export type TimelineOverview = ConsoleResponse<'readTimelineOverview'>;
export type TimelinePage = ConsoleResponse<'readTimeline'>;
export type TimelinePages = ReadonlyMap<number, TimelinePage>;

/** Records that are asked for at once: a few screens of rows. */
export const pageRows = 100;

export interface OverviewReading {
  /** The newest answer, also to an earlier search; null before the first one. */
  readonly overview: TimelineOverview | null;
  /** The scope of the search that it answers. */
  readonly scope: string | null;
  readonly error: ProductError | null;
}

/** How much a search finds, with roles and journals; read again when `beat` has changed. */
export function useOverview(search: TimelineSearch, beat: string, scope: string): OverviewReading {
  const { client } = useConsole();
  const { answer, ...reading } = useFollowing(() => client.call('readTimelineOverview', search), {
    key: JSON.stringify(search),
    ...{ beat, scope },
  });
  return { overview: answer, ...reading };
}

interface PagesReading {
  readonly search: string;
  readonly beat: string;
  readonly pages: TimelinePages;
  /** Of the reading before, for the pages that are read anew. */
  readonly stale: TimelinePages;
  readonly error: ProductError | null;
}

/**
 * The found records, page by page as they come into view. Each page is asked for behind the nearest one before it, so
 * that what arrives meanwhile moves nothing. `beat` changes whenever there may be more to read: then everything is
 * read again from the newest on. One page is asked for at a time: of those that a quick hand scrolls past, most are
 * out of view again before their turn. What is shown stays until the answer is there, also of another search.
 */
export function usePages(
  search: TimelineSearch,
  beat: string,
  wanted: readonly number[],
): Pick<PagesReading, 'pages' | 'error'> {
  const { client } = useConsole();
  const text = JSON.stringify(search);
  const [reading, setReading] = useState(nothingRead);
  const [turn, lookAgain] = useReducer((turns: number) => turns + 1, 0);
  const asking = useRef({ search: '', busy: false, failed: '' });
  const isOwn = reading.search === text && reading.beat === beat;
  const known = isOwn ? reading.pages : noPages;
  const next = wanted.find((page) => !known.has(page));
  const nearest = next === undefined ? undefined : nearestBefore(known, next);
  const nearestPage = nearest === undefined ? undefined : known.get(nearest);
  useEffect(() => {
    const now = asking.current;
    now.search = text;
    const question = `${text} ${beat} ${next}`;
    if (next === undefined || now.busy || now.failed === question) return;
    now.busy = true;
    now.failed = '';
    const first = nearest === undefined ? 0 : nearest + 1;
    const request = {
      ...search,
      limit: pageRows,
      before: nearestPage?.end ?? null,
      skip: (next - first) * pageRows,
    };
    client
      .call('readTimeline', request)
      .then(
        (page) => {
          if (asking.current.search === text)
            setReading((before) => withPage(before, { search: text, beat }, next, page));
        },
        (thrown: unknown) => {
          asking.current.failed = question;
          if (asking.current.search === text)
            setReading((before) => ({ ...before, error: productErrorOf(thrown) }));
        },
      )
      .finally(() => {
        asking.current.busy = false;
        lookAgain();
      });
    // The search is in its text.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, text, beat, next, nearestPage, turn]);
  const pages = useMemo(
    () =>
      next !== undefined && isOwn && reading.stale.size > 0
        ? new Map([...reading.stale, ...reading.pages])
        : reading.pages,
    [next, isOwn, reading],
  );
  return { pages, error: reading.error };
}

/** The reading with one page more; the first page of a new reading leaves the one before as stale. */
function withPage(
  before: PagesReading,
  own: Pick<PagesReading, 'search' | 'beat'>,
  number: number,
  page: TimelinePage,
): PagesReading {
  const goesOn = before.search === own.search && before.beat === own.beat;
  return {
    ...own,
    pages: new Map([...(goesOn ? before.pages : noPages), [number, page]]),
    stale: goesOn ? before.stale : before.pages,
    error: null,
  };
}

const noPages: TimelinePages = new Map();
const nothingRead: PagesReading = { search: '', beat: '', pages: noPages, stale: noPages, error: null };

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
