import { useCallback, useMemo, useState } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { BundleView } from '../../../shared/console-ipc/history-calls.ts';
import { wallMs } from '../../../shared/fleet/timeline/role-bands.ts';
import { chainSentence } from '../../../shared/history/chain-sentence.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { formatInstant } from './axis.ts';
import { firstFilter, KindFilters, type Filter } from './filter-bar.tsx';
import { HistoryExport } from './history-export.tsx';
import card from './instant-card.module.css';
import { PastPanel } from './past-panel.tsx';
import { PastTopology } from './past-topology.tsx';
import { RecordTable } from './record-table.tsx';
import type { LaneMember } from './role-lanes.tsx';
import { TimeLanes } from './time-lanes.tsx';
import { shortestSpanMs, showing, type TimeView } from './time-view.ts';
import classes from './timeline-page.module.css';
import { useSearched } from './use-searched.ts';

const firstPage: readonly number[] = [0];
/** A bundle does not change. */
const beat = 'bundle';
const sameName = (server: string) => server;

/** What the journals of a bundle tell: whether they are whole, who was what, each record, and the site at any instant. */
export function BundleRecords({ bundle }: { readonly bundle: BundleView }) {
  const { endMs, whole } = reachOf(bundle);
  const [filter, setFilter] = useState<Filter>({ ...firstFilter, view: whole });
  const [view, setView] = useState(firstPage);
  const [picked, setPicked] = useState<Picked | null>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  const shown = useSearched({ source: bundle.id, beat, endMs }, filter, view);
  const { base, overview, dayMs, total } = shown;
  const onView = useCallback((pages: readonly number[]) => setView(pages), []);
  const names = useMemo(() => [...new Set(bundle.members.map(({ cluster }) => cluster))], [bundle]);
  const members = useMemo(() => lanesOf(bundle, filter.cluster), [bundle, filter.cluster]);
  const choose = useCallback((next: Filter | ((before: Filter) => Filter)) => {
    setFilter(next);
    setView(firstPage);
  }, []);
  const changeView = useCallback(
    (change: (view: TimeView) => TimeView) => choose((before) => ({ ...before, view: change(before.view) })),
    [choose],
  );
  const pickInstant = useCallback((atMs: number) => setPicked({ atMs, record: null }), []);
  const pick = useCallback((record: JournalRecord) => setPicked({ atMs: wallMs(record), record }), []);
  const end = useCallback(() => endMs, [endMs]);
  return (
    <>
      <div className={classes.tools}>
        <KindFilters clusters={names} filter={filter} onChange={choose} />
        <HistoryExport {...base} />
      </div>
      <Chains bundle={bundle} />
      {shown.error && <ErrorNotice error={shown.error} />}
      <TimeLanes
        {...{ members, end }}
        {...{ window: shown.window, bands: shown.bands, marks: shown.marks, oldestMs: shown.oldestMs }}
        view={filter.view}
        endWord="its end"
        lateWords="is after the newest record of the bundle"
        pickedMs={picked?.atMs ?? null}
        nowMs={dayMs}
        isBehind={shown.areLanesBehind}
        onPick={pickInstant}
        onView={changeView}
        onInstant={(atMs) => {
          pickInstant(atMs);
          changeView((before) => showing(before, atMs, endMs));
        }}
      />
      <div className={classes.lower}>
        <section className={classes.records} aria-label="What happened">
          {drawn !== null && picked !== null ? (
            <PastTopology
              {...{ dayMs }}
              source={bundle.id}
              cluster={drawn}
              atMs={picked.atMs}
              nameOf={sameName}
              onClose={() => setDrawn(null)}
            />
          ) : overview !== null && total === 0 ? (
            <Notice kind="waiting" title="No record matches">
              Choose a longer stretch, another kind, or fewer words.
            </Notice>
          ) : (
            <RecordTable
              key={shown.key}
              {...{ total, onView }}
              nowMs={dayMs}
              picked={picked?.record ?? null}
              nameOf={sameName}
              isBehind={false}
              pages={shown.pages}
              onPick={pick}
            />
          )}
        </section>
        <PickedCard {...{ bundle, picked, dayMs }} onDraw={setDrawn} />
      </div>
    </>
  );
}

interface Picked {
  readonly atMs: number;
  readonly record: JournalRecord | null;
}

/** The site at the picked instant, and the record where one was picked. */
function PickedCard(props: {
  readonly bundle: BundleView;
  readonly picked: Picked | null;
  readonly dayMs: number;
  readonly onDraw: (cluster: string) => void;
}) {
  const { bundle, picked, dayMs, onDraw } = props;
  const [comparedWith, setComparedWith] = useState<string | null>(null);
  if (picked === null) {
    return (
      <Card title="Nothing picked" className={card.card ?? ''}>
        <p className={card.empty}>
          Pick a row or a point on the lanes: the site at that instant is shown here.
        </p>
      </Card>
    );
  }
  return (
    <Card title={`At ${formatInstant(picked.atMs, dayMs)}`} className={card.card ?? ''}>
      {picked.record !== null && (
        <div className={card.record}>
          <p className={card.sentence}>{picked.record.sentence}</p>
        </div>
      )}
      <PastPanel
        source={bundle.id}
        at={new Date(picked.atMs).toISOString()}
        {...{ comparedWith, onDraw }}
        nameOf={sameName}
        onCompare={setComparedWith}
      />
    </Card>
  );
}

/** From its oldest record to its newest, with a little room at both ends. */
function reachOf({ from, to, madeAt }: BundleView): { readonly endMs: number; readonly whole: TimeView } {
  const newestMs = Date.parse(to ?? madeAt);
  const spanMs = Math.max(shortestSpanMs, newestMs - Date.parse(from ?? madeAt));
  const room = Math.ceil(spanMs / 50);
  return { endMs: newestMs + room, whole: { kind: 'recent', spanMs: spanMs + 2 * room } };
}

function lanesOf({ members }: BundleView, cluster: string): readonly LaneMember[] {
  return members
    .filter((member) => cluster === '' || member.cluster === cluster)
    .toSorted((one, other) => one.cluster.localeCompare(other.cluster))
    .map((member) => ({ ...member, name: member.server }));
}

function Chains({ bundle: { chains, lacks } }: { readonly bundle: BundleView }) {
  const isBroken = chains.some(({ verdict }) => verdict === 'broken');
  return (
    <Notice
      kind={isBroken || lacks.length > 0 ? 'warn' : 'waiting'}
      title={isBroken ? 'A journal was changed after it was written' : 'What the bundle holds'}
    >
      {[
        ...chains.map((chain) => `${chain.cluster} on ${chain.server}: ${chainSentence(chain)}`),
        ...lacks,
      ].map((sentence) => (
        <div key={sentence}>{sentence}</div>
      ))}
    </Notice>
  );
}
