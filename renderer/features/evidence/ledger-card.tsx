import type { ReactNode } from 'react';
import type { LedgerTable } from '../../../shared/agent-api/member-evidence.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { proofOfTable, type QueueBook } from '../../../shared/fleet/queue-book.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { Card } from '../../components/card.tsx';
import { ProofChip } from '../../components/proof-chip.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './evidence.module.css';
import { nameOf } from './missing-members.tsx';

/** Who keeps the ledger, whether it is sealed and shared, and what came of comparing it at the last move. */
export function LedgerCard(props: {
  readonly sight: ClusterSight;
  readonly book: QueueBook;
  readonly ageMs: number;
}) {
  const { sight, book, ageMs } = props;
  const { ledger, comparison, returned, leftOff } = book;
  const keeper = nameOf(sight, ledger.server);
  return (
    <Card
      title="Queue ledger"
      note={`of ${keeper}, epoch ${ledger.epoch}`}
      age={{ ms: ageMs, intervalMs: 5_000 }}
    >
      <dl className={classes.ledger}>
        <Line name="Kept">
          {ledger.sealed ? sealedWords(ledger.readBeforeSealMs) : `open, as ${keeper} goes on`}
          <span className="ink2">
            , {ledger.queues} components, {ledger.queued} messages waiting, {formatWallTime(ledger.wallTime)}{' '}
            by its clock
          </span>
        </Line>
        <Line name="Shared">{sharedWords(sight, book)}</Line>
        <Line name="Last move">
          {comparison ? <Compared table={comparison} /> : 'nothing to compare: no ledger of an Active before'}
        </Line>
        {returned && (
          <Line name="Came back">
            <Compared table={returned} />
          </Line>
        )}
        {leftOff.length > 0 && <Line name="Left off">{leftOff.join(', ')}: switched off by a person</Line>}
      </dl>
    </Card>
  );
}

function Compared({ table }: { readonly table: LedgerTable }) {
  return (
    <span className={classes.compared}>
      <ProofChip proof={proofOfTable(table)} />
      <span>{table.sentence}</span>
    </span>
  );
}

function sealedWords(readBeforeSealMs: number | null): string {
  const read =
    readBeforeSealMs === null ? '' : `; counts read ${formatSpan(readBeforeSealMs)} before the seal`;
  return `sealed after the engine was proven stopped${read}`;
}

function sharedWords(sight: ClusterSight, { sharedWith, ledger, teller }: QueueBook): string {
  if (teller !== ledger.server) {
    return `${nameOf(sight, teller)} has this copy; ${nameOf(sight, ledger.server)} itself does not answer or has none`;
  }
  if (sharedWith.length > 0)
    return `${sharedWith.map((server) => nameOf(sight, server)).join(', ')} has it too`;
  return 'no other member that answers has a ledger of this epoch; it also lies on the storage';
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes.line}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
