import { useMemo, useState } from 'react';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { navigate } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { firstFilter, KindFilters } from './filter-bar.tsx';
import { HistoryExport } from './history-export.tsx';
import { InstantCard } from './instant-card.tsx';
import { JournalNotices } from './journal-notices.tsx';
import { PastRecords } from './past-records.tsx';
import { useLaneMembers } from './role-lanes.tsx';
import classes from './timeline-page.module.css';
import { usePast } from './use-past.ts';
import { journalHeads } from './use-timeline.ts';

const now = () => Date.now();

/** Everything that happened, of all clusters: who was Active when, and each record with who, when, why and rule. */
export function TimelinePage({ site }: { readonly site: SiteSight }) {
  const past = usePast({ source: null, beat: journalHeads(site), endMs: null }, firstFilter, now);
  const { filter, shown, picked, choose } = past;
  const { base, overview, bands, dayMs } = shown;
  const [comparedWith, setComparedWith] = useState<string | null>(null);
  const members = useLaneMembers(site, filter.cluster);
  const clusterNames = site.clusters.map(({ cluster }) => cluster.id).join(' ');
  const clusters = useMemo(() => clusterNames.split(' '), [clusterNames]);
  const nameOf = useNameOf(site.site);
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
      <PastRecords {...{ past, members, nameOf }} endWord="now">
        <InstantCard
          {...{ bands, nameOf, comparedWith }}
          site={withCluster(site, filter.cluster)}
          nowMs={dayMs}
          onCompare={setComparedWith}
          onDraw={past.setDrawn}
          atMs={picked?.atMs ?? null}
          record={picked?.record ?? null}
          onOperation={(operation) => {
            choose({ ...firstFilter, view: filter.view, text: operation });
            past.unpick();
          }}
        />
      </PastRecords>
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
