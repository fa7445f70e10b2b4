import { useCallback, useMemo, useState } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { BundleView } from '../../../shared/console-ipc/history-calls.ts';
import { wallMs } from '../../../shared/fleet/timeline/role-bands.ts';
import { chainSentence } from '../../../shared/history/chain-sentence.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { formatInstant } from './axis.ts';
import { firstFilter, KindFilters, kindChoices } from './filter-bar.tsx';
import { HistoryExport } from './history-export.tsx';
import card from './instant-card.module.css';
import { PastPanel } from './past-panel.tsx';
import { RecordTable } from './record-table.tsx';
import classes from './timeline-page.module.css';
import { useOverview, usePages } from './use-timeline.ts';

const firstPage: readonly number[] = [0];
/** A bundle does not change. */
const beat = 'bundle';
const sameName = (server: string) => server;

/** What the journals of a bundle tell: whether they are whole, each record, and the site at any instant of them. */
export function BundleRecords({ bundle }: { readonly bundle: BundleView }) {
  const [filter, setFilter] = useState(firstFilter);
  const [view, setView] = useState(firstPage);
  const [picked, setPicked] = useState<JournalRecord | null>(null);
  const [comparedWith, setComparedWith] = useState<string | null>(null);
  const span = { source: bundle.id, from: null, to: null };
  const clusters = filter.cluster === '' ? [] : [filter.cluster];
  const search = { ...span, clusters, kinds: [...kindChoices[filter.kind]], text: filter.text };
  const { overview, error } = useOverview(search, beat);
  const reading = usePages(search, beat, view);
  const onView = useCallback((pages: readonly number[]) => setView(pages), []);
  const names = useMemo(() => [...new Set(bundle.members.map(({ cluster }) => cluster))], [bundle]);
  const total = overview?.total ?? 0;
  const trouble = error ?? reading.error;
  const nowMs = bundle.to === null ? 0 : Date.parse(bundle.to);
  return (
    <>
      <div className={classes.tools}>
        <KindFilters
          clusters={names}
          filter={filter}
          onChange={(next) => {
            setFilter(next);
            setView(firstPage);
          }}
        />
        <HistoryExport {...{ ...span, clusters }} />
      </div>
      <Chains bundle={bundle} />
      {trouble && <ErrorNotice error={trouble} />}
      <div className={classes.lower}>
        <section className={classes.records} aria-label="What happened">
          {overview !== null && total === 0 ? (
            <Notice kind="waiting" title="No record matches">
              Choose another kind, or fewer words.
            </Notice>
          ) : (
            <RecordTable
              key={JSON.stringify(filter)}
              {...{ total, nowMs, onView, picked }}
              nameOf={sameName}
              isBehind={false}
              pages={reading.pages}
              onPick={setPicked}
            />
          )}
        </section>
        <Card
          title={picked === null ? 'Nothing picked' : `At ${formatInstant(wallMs(picked), nowMs)}`}
          className={card.card ?? ''}
        >
          {picked === null ? (
            <p className={card.empty}>Pick a row: the site at that instant and the record are shown here.</p>
          ) : (
            <>
              <div className={card.record}>
                <p className={card.sentence}>{picked.sentence}</p>
              </div>
              <PastPanel
                source={bundle.id}
                at={picked.wallTime}
                {...{ comparedWith }}
                nameOf={sameName}
                onCompare={setComparedWith}
              />
            </>
          )}
        </Card>
      </div>
    </>
  );
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
