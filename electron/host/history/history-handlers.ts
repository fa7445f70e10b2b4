import { Buffer } from 'node:buffer';
import type { ConsoleHandlers } from '../../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { describeCause } from '../host-log.ts';
import { CallFailure, callFailure, valueOf } from '../ipc/call-failure.ts';
import { bundleParts } from './bundle-parts.ts';
import { bundleView } from './bundle-view.ts';
import { exportCsv, exportHistory, exportJson, exportName } from './export-history.ts';
import { bundleShelf, type HistorySource } from './history-sources.ts';
import { readTimeline, readTimelineOverview, type SiteHistory } from './read-timeline.ts';
import { siteAt, siteBetween } from './site-at.ts';
import { usualOfCluster } from './usual-of-cluster.ts';

export interface HistoryParts {
  /** Of the site that is open. Throws while none is. */
  site(): { history(): Promise<SiteHistory>; readonly document: SiteDocument };
  current(): Pick<ConsoleSnapshot, 'me'>;
  readonly version: string;
  wallTime(): string;
}

/** What the page asks of the history: that of the site that is open, or a bundle that was opened. */
export function historyHandlers(parts: HistoryParts) {
  const { site, current, version, wallTime } = parts;
  const shelf = bundleShelf();
  const sent = bundleParts();
  const live = async () => {
    const { history, document } = site();
    return { ...(await history().catch(noHistory)), ...sourceOf(document) };
  };
  const past = async (source: string | null): Promise<SiteHistory & HistorySource> => {
    if (source === null) return live();
    return { ...valueOf(shelf.get(source)), keeper: nothingFollowed };
  };
  return {
    readTimeline: async ({ source, ...request }) => readTimeline(request, await past(source)),
    readTimelineOverview: async ({ source, ...request }) =>
      readTimelineOverview(request, await past(source), wallTime()),
    readInstant: async ({ source, at }) => siteAt(await past(source), at),
    readDifference: async ({ source, one, other }) => siteBetween(await past(source), one, other),
    readUsualTimes: async ({ cluster, except }) => usualOfCluster((await live()).database, cluster, except),
    openBundle: async ({ path }) => bundleView(valueOf(await shelf.open(path))),
    sendBundle: async (part) => {
      const whole = valueOf(sent.take(part));
      return { bundle: whole && bundleView(valueOf(await shelf.openBytes(whole, part.name))) };
    },
    exportHistory: async ({ source, format, ...order }) => {
      const maker = { madeAt: wallTime(), madeBy: current().me.name, consoleVersion: version };
      const made = valueOf(exportHistory(await past(source), order, maker));
      const text = format === 'json' ? exportJson(made) : exportCsv(made);
      return { fileName: exportName(made, format), base64: Buffer.from(text).toString('base64') };
    },
  } satisfies Partial<ConsoleHandlers>;
}

/** The members and the name of a site, for what is told of its past. */
export function sourceOf({ id, clusters }: SiteDocument): Pick<HistorySource, 'members' | 'name'> {
  const members = clusters.flatMap((cluster) =>
    cluster.members.map(({ server }) => ({ cluster: cluster.id, server })),
  );
  return { members, name: id };
}

/** Nothing is read on into a bundle. */
const nothingFollowed: SiteHistory['keeper'] = { progress: () => [], stop: () => undefined };

function noHistory(cause: unknown): never {
  if (cause instanceof CallFailure) throw cause;
  const why = describeCause(cause).split('\n')[0]!;
  throw callFailure('history.unavailable', 'The history of this site could not be opened.', [why]);
}
