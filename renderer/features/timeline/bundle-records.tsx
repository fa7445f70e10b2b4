import { useCallback, useMemo, useState } from 'react';
import type { BundleView } from '../../../shared/console-ipc/history-calls.ts';
import { chainSentence } from '../../../shared/history/chain-sentence.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { formatInstant } from './axis.ts';
import { firstFilter, KindFilters } from './filter-bar.tsx';
import { HistoryExport } from './history-export.tsx';
import card from './instant-card.module.css';
import { PastPanel } from './past-panel.tsx';
import { PastRecords } from './past-records.tsx';
import type { LaneMember } from './role-lanes.tsx';
import { shortestSpanMs, type TimeView } from './time-view.ts';
import classes from './timeline-page.module.css';
import { usePast, type Picked } from './use-past.ts';

/** A bundle does not change. */
const beat = 'bundle';
const sameName = (server: string) => server;

/** What the journals of a bundle tell: whether they are whole, who was what, each record, and the site at any instant. */
export function BundleRecords({ bundle }: { readonly bundle: BundleView }) {
  const { endMs, whole } = reachOf(bundle);
  const end = useCallback(() => endMs, [endMs]);
  const past = usePast({ source: bundle.id, beat, endMs }, { ...firstFilter, view: whole }, end);
  const { filter, shown, picked, choose } = past;
  const names = useMemo(() => [...new Set(bundle.members.map(({ cluster }) => cluster))], [bundle]);
  const members = useMemo(() => lanesOf(bundle, filter.cluster), [bundle, filter.cluster]);
  return (
    <>
      <div className={classes.tools}>
        <KindFilters clusters={names} filter={filter} onChange={choose} />
        <HistoryExport {...shown.base} />
      </div>
      <Chains bundle={bundle} />
      {shown.error && <ErrorNotice error={shown.error} />}
      <PastRecords
        {...{ past, members }}
        nameOf={sameName}
        endWord="its end"
        lateWords="is after the newest record of the bundle"
      >
        <PickedCard {...{ bundle, picked }} dayMs={shown.dayMs} onDraw={past.setDrawn} />
      </PastRecords>
    </>
  );
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
