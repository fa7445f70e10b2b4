import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import { roleBands } from '../../../shared/fleet/timeline/role-bands.ts';
import { openHistoryDatabase } from '../../../electron/host/history/history-database.ts';
import {
  readTimeline,
  readTimelineOverview,
  type SiteHistory,
} from '../../../electron/host/history/read-timeline.ts';
import type { Measured } from '../measured.ts';
import { spreadOf } from '../peers/results.ts';
import type { Table } from '../table.ts';
import { fillHistory } from './fill-history.ts';
import { scrollInChromium, type FramesSeen, type Scrolled, type ScrollSeen } from './scroll-in-chromium.ts';

const sizes = [1_000, 100_000] as const;
const clusters = 4;
const spanMs = 89 * 24 * 3_600_000;
const pageRows = 100;

export interface TimelineResult {
  readonly stored: readonly { readonly records: number; readonly measured: readonly Measured[] }[];
  readonly scrolled: readonly ScrollSeen[];
}

/**
 * The timeline over 1 000 and over 100 000 records of four clusters: what the console's own handlers take over a file on
 * disk, and how the page scrolls in Chromium.
 */
export async function measureTimeline(runs: number, tell: (line: string) => void): Promise<TimelineResult> {
  const stored = sizes.map((records) => ({ records, measured: measureStore(records, runs, tell) }));
  const scrolled: ScrollSeen[] = [];
  for (const records of sizes) {
    tell(`scrolling over ${records} records in Chromium`);
    scrolled.push(await scrollInChromium({ records, clusters, spanMs }));
  }
  return { stored, scrolled };
}

type Search = ConsoleRequest<'readTimelineOverview'>;

function measureStore(records: number, runs: number, tell: (line: string) => void): Measured[] {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-bench-timeline-'));
  const path = join(folder, 'history.sqlite');
  try {
    tell(`filling a history with ${records} records`);
    const endMs = Date.now();
    const filled = openHistoryDatabase(path, 'x');
    fillHistory(filled, { records, clusters, endMs, spanMs });
    filled.close();
    const from = new Date(endMs - spanMs - 1_000).toISOString();
    const search: Search = { source: null, from, to: null, clusters: [], kinds: [], text: '' };
    return measureHandlers(path, search, records, runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureHandlers(path: string, search: Search, records: number, runs: number): Measured[] {
  const now = new Date().toISOString();
  const page = (history: SiteHistory, more: Partial<ConsoleRequest<'readTimeline'>>) =>
    readTimeline({ ...search, limit: pageRows, before: null, skip: 0, ...more }, history);
  const opened = () => historyAt(path);
  const open = timed(runs, opened, (history) => {
    readTimelineOverview(search, history, now);
    page(history, {});
    page(history, { kinds: ['command', 'alarm', 'agent'] });
  });
  const history = opened();
  const warm = (work: (run: number) => void) =>
    timed(
      runs,
      () => history,
      (_, run) => work(run),
    );
  const first = page(history, {});
  const middle = page(history, { skip: Math.floor(records / 2) });
  const { roles } = readTimelineOverview(search, history, now);
  const window = { fromMs: Date.parse(search.from!), toMs: Date.now() };
  const measured = [
    {
      title: 'opening: the file, the overview with all roles, the first page and the marks',
      times: timedWith(runs, () => {
        const fresh = opened();
        readTimelineOverview(search, fresh, now);
        page(fresh, {});
        page(fresh, { kinds: ['command', 'alarm', 'agent'] });
        fresh.database.close();
      }),
    },
    { title: 'the same once more, with the file open', times: open },
    { title: 'next page, by key, at the top', times: warm(() => page(history, { before: first.end })) },
    { title: 'next page, by key, in the middle', times: warm(() => page(history, { before: middle.end })) },
    {
      title: 'a jump to any place',
      times: warm((run) => page(history, { skip: Math.floor((records * (run + 1)) / (runs + 1)) })),
    },
    {
      title: 'one cluster and one kind, overview and first page',
      times: warm(() => searched(history, { ...search, clusters: ['BN2'], kinds: ['step'] }, now)),
    },
    {
      title: 'words that many records have, overview and first page',
      times: warm(() => searched(history, { ...search, text: 'lease engine' }, now)),
    },
    {
      title: 'words that one record has, overview and first page',
      times: warm(() => searched(history, { ...search, text: 'op-BN1-1 asked' }, now)),
    },
    { title: 'bands of all roles, on the page', times: warm(() => roleBands(roles, window)) },
  ];
  history.database.close();
  return measured;
}

function searched(history: SiteHistory, search: Search, now: string): void {
  readTimelineOverview(search, history, now);
  readTimeline({ ...search, limit: pageRows, before: null, skip: 0 }, history);
}

function historyAt(path: string): SiteHistory {
  const database = openHistoryDatabase(path, 'x');
  return { database, keeper: { progress: () => [], stop: () => undefined } };
}

/** The work alone, over something that was there before. */
function timed<Ground extends SiteHistory>(
  runs: number,
  ground: () => Ground,
  work: (ground: Ground, run: number) => void,
): number[] {
  const there = ground();
  return timedWith(runs, (run) => work(there, run));
}

function timedWith(runs: number, work: (run: number) => void): number[] {
  return Array.from({ length: runs }, (_, run) => {
    const beganAt = performance.now();
    work(run);
    return performance.now() - beganAt;
  });
}

export function timelineTables({ stored, scrolled }: TimelineResult): Table[] {
  const [small, large] = stored;
  const text = (times: readonly number[] | undefined) => {
    const spread = times && spreadOf(times);
    if (!spread) return '–';
    return [spread.min, spread.median, spread.max].map((ms) => ms.toFixed(1)).join(' / ');
  };
  const rows = (small?.measured ?? []).map(({ title, times }, index) => {
    const many = large?.measured[index]?.times;
    const ratio = many ? spreadOf(many)!.median / spreadOf(times)!.median : null;
    return [title, text(times), text(many), ratio === null ? '–' : ratio.toFixed(1), String(times.length)];
  });
  return [
    {
      title: 'Milliseconds, min / median / max, through the handlers of the console',
      head: ['what', '1 000 records', '100 000 records', 'ratio', 'n'],
      rows,
    },
    {
      title: 'The page in Chromium',
      head: [
        'records',
        'programs of the site',
        'the list',
        'first rows after ms',
        'rows in the page at most',
        'frames per second',
        'frame ms, median / 95 % / max',
        'work of the page per frame, ms',
      ],
      rows: scrolled.flatMap((seen) => [
        ...frameRows(seen, 'run beside it', seen.beside),
        ...frameRows(seen, 'stand still', seen.alone),
      ]),
    },
  ];
}

function frameRows(of: ScrollSeen, beside: string, { still, wheel, dragged }: Scrolled): string[][] {
  return [
    frameRow(of, beside, 'stands still', still),
    frameRow(of, beside, 'moves on as with a wheel', wheel),
    frameRow(of, beside, 'is dragged to its end', dragged),
  ];
}

function frameRow(
  { records, openedMs }: ScrollSeen,
  beside: string,
  what: string,
  { frames, rowsAtMost, workMs }: FramesSeen,
): string[] {
  return [
    records.toLocaleString('en').replaceAll(',', ' '),
    beside,
    what,
    openedMs.toFixed(0),
    String(rowsAtMost),
    (1_000 / frames.mean).toFixed(0),
    [frames.median, frames.p95, frames.max].map((ms) => ms.toFixed(1)).join(' / '),
    workMs.toFixed(1),
  ];
}
