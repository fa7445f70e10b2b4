import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, useState } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { wallMs } from '../../../shared/fleet/timeline/role-bands.ts';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import table from '../../components/table.module.css';
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
  const above = items[0]?.start ?? 0;
  const below = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div
      className={`${table.scroll} ${classes.scroll}`}
      ref={scroll}
      tabIndex={0}
      role="region"
      aria-label="Records"
    >
      {isBehind && (
        <div className={classes.behind}>
          <InkButton onClick={() => rows.scrollToIndex(0)}>Newer records: to the newest</InkButton>
        </div>
      )}
      <table className={`${table.table} ${classes.table}`} aria-rowcount={total + 1}>
        <thead>
          <tr>
            <th scope="col" className={classes.time}>
              Time
            </th>
            <th scope="col" className={classes.cluster}>
              Cluster
            </th>
            <th scope="col">What happened</th>
            <th scope="col" className={classes.where}>
              Where
            </th>
            <th scope="col" className={classes.who}>
              Who
            </th>
            <th scope="col" className={classes.rule}>
              Rule
            </th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Space height={above} />}
          {items.map(({ index, key }) => {
            const record = pages.get(Math.floor(index / pageRows))?.records[index % pageRows];
            return record === undefined ? (
              <tr key={key} aria-rowindex={index + 2}>
                <td colSpan={6} className="ink3">
                  Reading…
                </td>
              </tr>
            ) : (
              <Row key={key} {...{ record, index, nowMs, nameOf, onPick }} picked={isSame(record, picked)} />
            );
          })}
          {below > 0 && <Space height={below} />}
        </tbody>
      </table>
    </div>
  );
});

/** Rows that stay in view are not made anew while the list is scrolled. */
const Row = memo(function Row(props: {
  readonly record: JournalRecord;
  readonly index: number;
  readonly picked: boolean;
  readonly nowMs: number;
  readonly nameOf: (server: string) => string;
  readonly onPick: (record: JournalRecord) => void;
}) {
  const { record, index, picked, nowMs, nameOf, onPick } = props;
  return (
    <tr
      aria-rowindex={index + 2}
      className={picked ? classes.picked : undefined}
      onClick={() => onPick(record)}
    >
      <td>
        <button type="button" className={classes.pick} aria-pressed={picked}>
          {formatInstant(wallMs(record), nowMs)}
        </button>
      </td>
      <td>{record.cluster}</td>
      <td className={classes.sentence} title={record.sentence}>
        {record.sentence}
        {record.result && record.result !== 'ok' && <b> ({record.result})</b>}
      </td>
      <td className="ellipsis">{nameOf(record.server)}</td>
      <td className="ellipsis">{record.requestedBy ?? 'agent'}</td>
      <td>
        {record.ruleId && (
          <Chip tone="rule" shape="square">
            {record.ruleId}
          </Chip>
        )}
      </td>
    </tr>
  );
});

/** Stands for the rows that are not in view. */
function Space({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden className={classes.space}>
      <td colSpan={6} style={{ height }} />
    </tr>
  );
}

/** The same line of the same journal. */
export function isSame(one: JournalRecord, other: JournalRecord | null): boolean {
  return (
    other !== null && one.seq === other.seq && one.server === other.server && one.cluster === other.cluster
  );
}
