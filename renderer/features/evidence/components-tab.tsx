import { useMemo } from 'react';
import { queueBook, type QueueBook } from '../../../shared/fleet/queue-book.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import classes from './evidence.module.css';
import { LedgerCard } from './ledger-card.tsx';
import { MissingMembers } from './missing-members.tsx';
import { QueueTable } from './queue-table.tsx';
import { useEvidence } from './use-evidence.ts';

/** Where every queue of a cluster stands, and how it went on at the last move. */
export function ComponentsTab({ sight }: { readonly sight: ClusterSight }) {
  const { evidence, ageMs, error } = useEvidence(sight.cluster.id);
  const book = useMemo(() => evidence && queueBook(evidence.reports), [evidence]);
  return (
    <div className={classes.tab}>
      {error && <ErrorNotice error={error} />}
      {evidence && <MissingMembers sight={sight} missing={evidence.missing} />}
      {!evidence && !error && (
        <Notice kind="waiting" title={`Waiting for the queue ledgers of ${sight.cluster.id}`}>
          Both members are asked; they usually answer within a second.
        </Notice>
      )}
      {evidence && book && <Book sight={sight} book={book} ageMs={ageMs} />}
      {evidence && !book && evidence.reports.length > 0 && (
        <Notice kind="waiting" title="No queue ledger yet">
          The Active writes down where its queues stand as soon as its engine tells of them. It shows after a
          move that processing went on at the right place.
        </Notice>
      )}
    </div>
  );
}

function Book(props: { readonly sight: ClusterSight; readonly book: QueueBook; readonly ageMs: number }) {
  const { sight, book, ageMs } = props;
  return (
    <>
      <LedgerCard sight={sight} book={book} ageMs={ageMs} />
      <QueueTable lines={book.lines} more={book.more} ageMs={ledgerAge(book, ageMs)} />
    </>
  );
}

/** Null: its counts were read by the clock of a server that is not asked. */
function ledgerAge({ ledger }: QueueBook, ageMs: number): number | null {
  return ledger.agoMs === null ? null : ledger.agoMs + ageMs;
}
