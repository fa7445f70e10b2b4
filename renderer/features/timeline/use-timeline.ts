import { useEffect, useRef, useState } from 'react';
import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

export type Timeline = ConsoleResponse<'readTimeline'>;
export type TimelineSearch = Omit<ConsoleRequest<'readTimeline'>, 'limit' | 'skip'>;

/** Records that are asked for at once: a few screens of rows. */
export const pageRows = 100;

export interface TimelineReading {
  readonly pages: ReadonlyMap<number, Timeline['records']>;
  /** Everything of the newest answer but its records; null before the first one. */
  readonly last: Omit<Timeline, 'records'> | null;
  readonly readAtMs: number;
  readonly error: ProductError | null;
}

const nothing: TimelineReading = { pages: new Map(), last: null, readAtMs: 0, error: null };

/**
 * The found records, page by page as they come into view. `beat` changes whenever there may be more to read:
 * then the pages in view are read again. What is shown stays until the answer is there, also of another search.
 */
export function useTimeline(
  search: TimelineSearch,
  beat: string,
  wanted: readonly number[],
): TimelineReading {
  const { client, ticker } = useConsole();
  const key = JSON.stringify(search);
  const [reading, setReading] = useState<TimelineReading & { readonly key: string }>({ ...nothing, key });
  const seen = useRef('');
  const wantedKey = wanted.join(' ');
  useEffect(() => {
    let awaited = true;
    const fresh = `${key} ${beat}`;
    const known = seen.current === fresh ? reading.pages : new Map<number, Timeline['records']>();
    seen.current = fresh;
    for (const page of wantedKey.split(' ').map(Number)) {
      if (known.has(page)) continue;
      const request = { ...(JSON.parse(key) as TimelineSearch), limit: pageRows, skip: page * pageRows };
      client.call('readTimeline', request).then(
        ({ records, ...last }) => {
          if (!awaited) return;
          setReading((before) => ({
            key,
            pages: new Map([...(before.key === key ? before.pages : []), [page, records]]),
            last,
            readAtMs: ticker.now(),
            error: null,
          }));
        },
        (thrown: unknown) => {
          if (awaited) setReading((before) => ({ ...before, key, error: productErrorOf(thrown) }));
        },
      );
    }
    return () => {
      awaited = false;
    };
    // The pages that are known are a cache, not a reason to read.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, ticker, key, beat, wantedKey]);
  return reading;
}

/** Changes whenever any member has written more. */
export function journalHeads(site: SiteSight): string {
  return site.clusters
    .flatMap(({ members }) => members.map(({ snapshot }) => snapshot?.journalHead ?? 0))
    .join(' ');
}
