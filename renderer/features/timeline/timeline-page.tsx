import { startOfDay } from 'date-fns';
import { useCallback, useMemo, useState } from 'react';
import type { JournalKind, JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { roleBands, wallMs } from '../../../shared/fleet/timeline/role-bands.ts';
import { navigate } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { FilterBar, firstFilter, kindChoices, spans } from './filter-bar.tsx';
import { HistoryExport } from './history-export.tsx';
import { InstantCard } from './instant-card.tsx';
import { JournalNotices } from './journal-notices.tsx';
import { RecordTable } from './record-table.tsx';
import { RoleLanes, useLaneMembers } from './role-lanes.tsx';
import classes from './timeline-page.module.css';
import { useHeldList } from './use-held-list.ts';
import { journalHeads, useOverview, usePages } from './use-timeline.ts';
import { useWindow } from './use-window.ts';

/** What is marked below the lanes. */
export const markedKinds: readonly JournalKind[] = ['command', 'alarm', 'agent'];
const firstPage = [0];
const noRecords: readonly JournalRecord[] = [];

interface Picked {
  readonly atMs: number;
  readonly record: JournalRecord | null;
}

/** Everything that happened, of all clusters: who was Active when, and each record with who, when, why and rule. */
export function TimelinePage({ site }: { readonly site: SiteSight }) {
  const [filter, setFilter] = useState(firstFilter);
  const [view, setView] = useState<readonly number[]>(firstPage);
  const [picked, setPicked] = useState<Picked | null>(null);
  const [comparedWith, setComparedWith] = useState<string | null>(null);
  const onView = useCallback((pages: readonly number[]) => setView(pages), []);
  const window = useWindow(spans[filter.span]);
  const base = {
    source: null,
    from: new Date(window.fromMs).toISOString(),
    to: null,
    clusters: filter.cluster === '' ? [] : [filter.cluster],
  };
  const beat = journalHeads(site);
  const search = { ...base, kinds: [...kindChoices[filter.kind]], text: filter.text };
  const { overview, error } = useOverview(search, beat);
  const now = { search, beat, total: overview?.total ?? 0 };
  const filterKey = JSON.stringify(filter);
  const { list, isBehind } = useHeldList(now, { filter: filterKey, isAtTop: view.includes(0) });
  const reading = usePages(list.search, list.beat, view);
  const marks = usePages({ ...base, kinds: [...markedKinds], text: '' }, beat, firstPage);
  const bands = useMemo(() => roleBands(overview?.roles ?? [], window), [overview, window]);
  const choose = useCallback((next: typeof filter) => {
    setFilter(next);
    setView(firstPage);
  }, []);
  const members = useLaneMembers(site, filter.cluster);
  const pickInstant = useCallback((atMs: number) => setPicked({ atMs, record: null }), []);
  const pick = useCallback((record: JournalRecord) => setPicked({ atMs: wallMs(record), record }), []);
  const clusterNames = site.clusters.map(({ cluster }) => cluster.id).join(' ');
  const clusters = useMemo(() => clusterNames.split(' '), [clusterNames]);
  const { site: named } = site;
  const nameOf = useNameOf(named);
  const shown = withCluster(site, filter.cluster);
  const nowMs = window.toMs;
  const trouble = error ?? reading.error;
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div>
          <h1 className={classes.title}>Timeline</h1>
          <div className={classes.note}>
            {overview === null ? 'Reading the history…' : countWords(overview.total)}
          </div>
        </div>
        <div className={classes.tools}>
          <FilterBar clusters={clusters} filter={filter} onChange={choose} />
          <HistoryExport {...base} />
          <InkButton onClick={() => navigate({ page: 'bundle' })}>Open a bundle…</InkButton>
        </div>
      </header>
      {trouble && <ErrorNotice error={trouble} />}
      {overview && <JournalNotices journals={overview.journals} nameOf={nameOf} />}
      <section className={classes.lanes} aria-label="Roles">
        <RoleLanes
          {...{ members, window, bands, nowMs }}
          marks={marks.pages.get(0)?.records ?? noRecords}
          pickedMs={picked?.atMs ?? null}
          onPick={pickInstant}
        />
      </section>
      <div className={classes.lower}>
        <section className={classes.records} aria-label="What happened">
          {overview !== null && list.total === 0 ? (
            <Notice kind="waiting" title="No record matches">
              Choose a longer span, another kind, or fewer words.
            </Notice>
          ) : (
            <RecordTable
              key={filterKey}
              {...{ nameOf, onView, isBehind }}
              nowMs={startOfDay(nowMs).getTime()}
              total={list.total}
              pages={reading.pages}
              picked={picked?.record ?? null}
              onPick={pick}
            />
          )}
        </section>
        <InstantCard
          {...{ site: shown, nowMs, bands, nameOf, comparedWith }}
          onCompare={setComparedWith}
          atMs={picked?.atMs ?? null}
          record={picked?.record ?? null}
          onOperation={(operation) => {
            choose({ ...firstFilter, span: filter.span, text: operation });
            setPicked(null);
          }}
        />
      </div>
    </div>
  );
}

/** The same function as long as the servers have the same names: rows are not made anew for it. */
function useNameOf(site: SiteSight['site']): (server: string) => string {
  const names = JSON.stringify(site.servers.map(({ id, name }) => [id, name]));
  return useMemo(() => {
    const known = new Map(JSON.parse(names) as [string, string][]);
    return (server) => known.get(server) ?? server;
  }, [names]);
}

function withCluster(site: SiteSight, id: string): SiteSight {
  return id === '' ? site : { ...site, clusters: site.clusters.filter(({ cluster }) => cluster.id === id) };
}

function countWords(total: number): string {
  const count = total === 1 ? '1 record' : `${total.toLocaleString('en')} records`;
  return `${count}. Times of the servers’ clocks, in ${zoneName()}.`;
}

function zoneName(): string {
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(new Date());
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'local time';
}
