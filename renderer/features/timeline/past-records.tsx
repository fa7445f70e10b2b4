import type { ReactNode } from 'react';
import { Notice } from '../../components/notice.tsx';
import { PastTopology } from './past-topology.tsx';
import { RecordTable } from './record-table.tsx';
import type { LaneMember } from './role-lanes.tsx';
import { TimeLanes } from './time-lanes.tsx';
import classes from './timeline-page.module.css';
import type { Past } from './use-past.ts';

export interface PastRecordsProps {
  readonly past: Past;
  /** In the order of the lanes. */
  readonly members: readonly LaneMember[];
  readonly nameOf: (server: string) => string;
  /** What the end of the past is called, and an instant after it. */
  readonly endWord: string;
  readonly lateWords?: string;
  /** What is told of the picked instant, beside the records. */
  readonly children: ReactNode;
}

/** Who was what over a stretch of time, and below it each record, or the topology as it was then. */
export function PastRecords({ past, members, nameOf, endWord, lateWords, children }: PastRecordsProps) {
  const { shown, picked, filter, end } = past;
  return (
    <>
      <TimeLanes
        {...{ members, end, endWord, lateWords }}
        {...{ window: shown.window, bands: shown.bands, marks: shown.marks, oldestMs: shown.oldestMs }}
        view={filter.view}
        pickedMs={picked?.atMs ?? null}
        nowMs={shown.dayMs}
        isBehind={shown.areLanesBehind}
        onPick={past.pickInstant}
        onView={past.changeView}
        onInstant={past.goTo}
      />
      <div className={classes.lower}>
        <section className={classes.records} aria-label="What happened">
          <Records {...{ past, nameOf }} />
        </section>
        {children}
      </div>
    </>
  );
}

function Records({ past, nameOf }: Pick<PastRecordsProps, 'past' | 'nameOf'>) {
  const { source, shown, picked, drawn } = past;
  if (drawn !== null && picked !== null) {
    return (
      <PastTopology
        {...{ nameOf, source }}
        dayMs={shown.dayMs}
        cluster={drawn}
        atMs={picked.atMs}
        onClose={() => past.setDrawn(null)}
      />
    );
  }
  if (shown.overview !== null && shown.total === 0) {
    return (
      <Notice kind="waiting" title="No record matches">
        Choose a longer stretch, another kind, or fewer words.
      </Notice>
    );
  }
  return (
    <RecordTable
      key={shown.key}
      {...{ nameOf, onView: past.onPages }}
      isBehind={shown.isBehind}
      nowMs={shown.dayMs}
      total={shown.total}
      pages={shown.pages}
      picked={picked?.record ?? null}
      onPick={past.pickRecord}
    />
  );
}
