import { productError } from '../../shared/errors.ts';
import { fail } from '../../shared/result.ts';
import type { Cancel, HostTime } from '../host/host-time.ts';
import type { SiteSource } from '../host/site-source.ts';

export interface PageFirst {
  /** The same site; a demo starts once a page is there, or when `limitMs` are over. */
  readonly source: SiteSource;
  /** A page is there: it has its script and asks for the site. */
  pageOpened(): void;
  /** The console ends: a demo that still waits is not started any more. */
  giveUp(): void;
}

/**
 * The demo's dozen programs start at the same time as the page and take every core of a small machine:
 * the first picture would come late. A site that exists already is opened at once.
 */
export function pageFirst(source: SiteSource, time: HostTime, limitMs: number): PageFirst {
  if (source.kind !== 'demo') return { source, pageOpened: () => undefined, giveUp: () => undefined };
  const { promise, resolve } = Promise.withResolvers<'go' | 'ended'>();
  let cancel: Cancel = () => undefined;
  const settle = (how: 'go' | 'ended') => {
    cancel();
    resolve(how);
  };
  return {
    source: {
      kind: 'demo',
      start: async (say) => {
        cancel = time.after(limitMs, () => resolve('go'));
        if ((await promise) === 'go') return source.start(say);
        return fail(productError('demo.failed', 'The console ended before its demo site started.'));
      },
    },
    pageOpened: () => settle('go'),
    giveUp: () => settle('ended'),
  };
}
