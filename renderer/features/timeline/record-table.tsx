import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, useState } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { wallMs } from '../../../shared/fleet/timeline/role-bands.ts';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { formatInstant } from './axis.ts';
import classes from './record-table.module.css';
import { pageRows, type TimelinePages } from './use-timeline.ts';

const rowRem = 1.6875;

export interface RecordTableProps {
  readonly total: number;
  readonly pages: TimelinePages;
  readonly picked: JournalRecord | null;
  /** Some instant of today. */
  readonly nowMs: number;
  readonly nameOf: (server: string) => string;
  readonly onPick: (record: JournalRecord) => void;
  /** Pages that are in view. */
  readonly onView: (pages: readonly number[]) => void;
  /** There are records above the first row that are not shown, since the list is being read. */
  readonly isBehind: boolean;
}

/** All records that were found, newest first; only the rows in view exist, and only their pages are read. */
export const RecordTable = memo(function RecordTable(props: RecordTableProps) {
  const { total, pages, picked, nowMs, nameOf, onPick, onView, isBehind } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const [rem] = useState(() => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is handed on
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowRem * rem,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const first = Math.floor((items[0]?.index ?? 0) / pageRows);
  const last = Math.floor((items.at(-1)?.index ?? 0) / pageRows);
  useEffect(() => {
    onView(Array.from({ length: last - first + 1 }, (_, index) => first + index));
  }, [first, last, onView]);
  return (
    <div className={classes.scroll} ref={scroll} tabIndex={0} role="region" aria-label="Records">
      {isBehind && (
        <div className={classes.behind}>
          <InkButton onClick={() => rows.scrollToIndex(0)}>Newer records: to the newest</InkButton>
        </div>
      )}
      <div role="table" aria-label="Records, newest first" aria-rowcount={total + 1}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.line}>
            {columns.map((name) => (
              <span key={name} role="columnheader">
                {name}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const record = pages.get(Math.floor(index / pageRows))?.records[index % pageRows];
            return (
              <Row
                key={index % slotsFor(items.length)}
                {...{ record, index, start, nowMs, nameOf, onPick }}
                picked={record !== undefined && isSame(record, picked)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
});

const columns = ['Time', 'Cluster', 'What happened', 'Where', 'Who', 'Rule'] as const;
const fewestSlots = 64;

/** A row that comes into view takes the place of one that has left it: nothing is made anew while it is scrolled. */
function slotsFor(rows: number): number {
  return Math.max(fewestSlots, 2 ** Math.ceil(Math.log2(rows + 1)));
}

interface RowProps {
  /** Undefined: its page is being read. */
  readonly record: JournalRecord | undefined;
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly start: number;
  readonly picked: boolean;
  readonly nowMs: number;
  readonly nameOf: (server: string) => string;
  readonly onPick: (record: JournalRecord) => void;
}

/** Rows that stay in view are not made anew while the list is scrolled. */
const Row = memo(function Row(props: RowProps) {
  const { record, index, start, picked, nowMs, nameOf, onPick } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${classes.line} ${picked ? classes.picked : ''}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={record && (() => onPick(record))}
    >
      {record === undefined ? (
        <span role="cell" className="ink3">
          Reading…
        </span>
      ) : (
        <Cells {...{ record, picked, nowMs, nameOf }} />
      )}
    </div>
  );
});

function Cells(props: Pick<RowProps, 'picked' | 'nowMs' | 'nameOf'> & { readonly record: JournalRecord }) {
  const { record, picked, nowMs, nameOf } = props;
  return (
    <>
      <span role="cell">
        <button type="button" className={classes.pick} aria-pressed={picked}>
          {formatInstant(wallMs(record), nowMs)}
        </button>
      </span>
      <span role="cell">{record.cluster}</span>
      <span role="cell" className="ellipsis" title={record.sentence}>
        {record.sentence}
        {record.result && record.result !== 'ok' && <b> ({record.result})</b>}
      </span>
      <span role="cell" className="ellipsis">
        {nameOf(record.server)}
      </span>
      <span role="cell" className="ellipsis">
        {record.requestedBy ?? 'agent'}
      </span>
      <span role="cell">
        {record.ruleId && (
          <Chip tone="rule" shape="square">
            {record.ruleId}
          </Chip>
        )}
      </span>
    </>
  );
}

/** The same line of the same journal. */
export function isSame(one: JournalRecord, other: JournalRecord | null): boolean {
  return (
    other !== null && one.seq === other.seq && one.server === other.server && one.cluster === other.cluster
  );
}
