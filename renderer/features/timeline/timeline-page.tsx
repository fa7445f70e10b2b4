import { useCallback, useMemo, useState } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { wallMs } from '../../../shared/fleet/timeline/role-bands.ts';
import { navigate } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { firstFilter, KindFilters } from './filter-bar.tsx';
import { HistoryExport } from './history-export.tsx';
import { InstantCard } from './instant-card.tsx';
import { JournalNotices } from './journal-notices.tsx';
import { PastTopology } from './past-topology.tsx';
import { RecordTable } from './record-table.tsx';
import { useLaneMembers } from './role-lanes.tsx';
import { TimeLanes } from './time-lanes.tsx';
import { showing, type TimeView } from './time-view.ts';
import classes from './timeline-page.module.css';
import { useSearched } from './use-searched.ts';
import { journalHeads } from './use-timeline.ts';

const firstPage = [0];
const now = () => Date.now();

interface Picked {
  readonly atMs: number;
  readonly record: JournalRecord | null;
}

/** Everything that happened, of all clusters: who was Active when, and each record with who, when, why and rule. */
export function TimelinePage({ site }: { readonly site: SiteSight }) {
  const [filter, setFilter] = useState(firstFilter);
  const [view, setView] = useState<readonly number[]>(firstPage);
  const [picked, setPicked] = useState<Picked | null>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  const [comparedWith, setComparedWith] = useState<string | null>(null);
  const onView = useCallback((pages: readonly number[]) => setView(pages), []);
  const beat = journalHeads(site);
  const shown = useSearched({ source: null, beat, endMs: null }, filter, view);
  const { base, overview, bands, dayMs } = shown;
  const choose = useCallback((next: typeof filter | ((before: typeof filter) => typeof filter)) => {
    setFilter(next);
    setView(firstPage);
  }, []);
  const changeView = useCallback(
    (change: (view: TimeView) => TimeView) => choose((before) => ({ ...before, view: change(before.view) })),
    [choose],
  );
  const members = useLaneMembers(site, filter.cluster);
  const pickInstant = useCallback((atMs: number) => setPicked({ atMs, record: null }), []);
  const pick = useCallback((record: JournalRecord) => setPicked({ atMs: wallMs(record), record }), []);
  const clusterNames = site.clusters.map(({ cluster }) => cluster.id).join(' ');
  const clusters = useMemo(() => clusterNames.split(' '), [clusterNames]);
  const { site: named } = site;
  const nameOf = useNameOf(named);
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
          <KindFilters clusters={clusters} filter={filter} onChange={choose} />
          <HistoryExport {...base} />
          <InkButton onClick={() => navigate({ page: 'bundle' })}>Open a bundle…</InkButton>
        </div>
      </header>
      {shown.error && <ErrorNotice error={shown.error} />}
      {overview && <JournalNotices journals={overview.journals} nameOf={nameOf} />}
      <TimeLanes
        {...{ members, bands }}
        window={shown.window}
        view={filter.view}
        end={now}
        endWord="now"
        oldestMs={shown.oldestMs}
        marks={shown.marks}
        pickedMs={picked?.atMs ?? null}
        nowMs={dayMs}
        isBehind={shown.areLanesBehind}
        onPick={pickInstant}
        onView={changeView}
        onInstant={(atMs) => {
          pickInstant(atMs);
          changeView((view) => showing(view, atMs, now()));
        }}
      />
      <div className={classes.lower}>
        <section className={classes.records} aria-label="What happened">
          {drawn !== null && picked !== null ? (
            <PastTopology
              {...{ nameOf, dayMs }}
              source={null}
              cluster={drawn}
              atMs={picked.atMs}
              onClose={() => setDrawn(null)}
            />
          ) : overview !== null && shown.total === 0 ? (
            <Notice kind="waiting" title="No record matches">
              Choose a longer span, another kind, or fewer words.
            </Notice>
          ) : (
            <RecordTable
              key={shown.key}
              {...{ nameOf, onView }}
              isBehind={shown.isBehind}
              nowMs={dayMs}
              total={shown.total}
              pages={shown.pages}
              picked={picked?.record ?? null}
              onPick={pick}
            />
          )}
        </section>
        <InstantCard
          {...{ bands, nameOf, comparedWith }}
          site={withCluster(site, filter.cluster)}
          nowMs={dayMs}
          onCompare={setComparedWith}
          onDraw={setDrawn}
          atMs={picked?.atMs ?? null}
          record={picked?.record ?? null}
          onOperation={(operation) => {
            choose({ ...firstFilter, view: filter.view, text: operation });
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
