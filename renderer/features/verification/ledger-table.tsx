import { isOpenProof } from '../../../shared/fleet/queue-book.ts';
import { useState } from 'react';
import type { Verification } from '../../../shared/verification/verification.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ProofChip } from '../../components/proof-chip.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import table from '../../components/table.module.css';
import classes from './verification.module.css';

type Ledger = Verification['ledger'];
type LedgerLine = Ledger['lines'][number];

/** Each component's queue before and after the move; those at which nothing moved are folded. */
export function LedgerTable({ ledger }: { readonly ledger: Ledger }) {
  const [all, setAll] = useState(false);
  const telling = ledger.lines.filter(isTelling);
  const equal = ledger.lines.length - telling.length;
  const folded = !all && equal > 0 && telling.length > 0;
  const shown = folded ? telling : ledger.lines;
  return (
    <Card
      className={classes.ledger ?? ''}
      title="Queue ledger"
      note={noteOf(ledger, telling.length)}
      right={<span className="small ink3">{whenOf(ledger)}</span>}
    >
      {ledger.lines.length === 0 ? (
        <p className={classes.empty}>No ledger of this move could be compared. Line V06 says why.</p>
      ) : (
        <div className={table.scroll} tabIndex={0} role="region" aria-label="Components of the ledger">
          <table className={`${table.table} ${classes.checks}`}>
            <thead>
              <tr>
                <th scope="col">Component</th>
                <th scope="col">Verdict</th>
                {['Last done before', 'First done after', 'Queued before', 'Queued after', 'Twice'].map(
                  (head) => (
                    <th key={head} scope="col" className={table.right}>
                      {head}
                    </th>
                  ),
                )}
                <th scope="col">Last message before</th>
                <th scope="col">Last message after</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((line) => (
                <Row key={line.name} line={line} />
              ))}
            </tbody>
          </table>
          {folded && (
            <p className={classes.folded}>
              {equal} more {equal === 1 ? 'component is' : 'components are'} equal: same position, nothing
              queued.{' '}
              <InkButton act="back" onClick={() => setAll(true)}>
                Show
              </InkButton>
            </p>
          )}
        </div>
      )}
    </Card>
  );
}

function isTelling({ changed, verdict }: LedgerLine): boolean {
  return changed || isOpenProof(verdict);
}

function noteOf({ lines, total }: Ledger, telling: number): string {
  if (lines.length === 0) return '';
  const rest = total > lines.length ? `; ${total - lines.length} more are not told one by one` : '';
  return `${telling} of ${total} components with changes${rest}`;
}

/** Which two looks are compared, by the clocks of those who made them. */
function whenOf({ before, after, earlier }: Ledger): string {
  if (before === null || after === null) return '';
  const how = before.sealed ? 'sealed' : 'shared, not sealed';
  return `before: ${how} ${formatWallTime(before.at)} · after: ${formatWallTime(after.at)}${earlier ? ` · as look ${earlier.look} saw it` : ''}`;
}

function Row({ line }: { readonly line: LedgerLine }) {
  const odd = isOpenProof(line.verdict);
  return (
    <tr title={line.sentence}>
      <th scope="row">
        {line.name}
        {odd && <div className={`small ink2 ${classes.why}`}>{line.sentence}</div>}
      </th>
      <td>
        <ProofChip proof={line.verdict} plain />
      </td>
      <Count value={line.lastBefore} />
      <Count value={line.firstAfter} none="none yet" />
      <Count value={line.queuedBefore} />
      <Count value={line.queuedAfter} />
      <Count value={line.twice} />
      <Message message={line.messageBefore} />
      <Message message={line.messageAfter} />
    </tr>
  );
}

/** A message as the engine names it, over the time that the engine gives it. */
function Message({ message }: { readonly message: LedgerLine['messageBefore'] }) {
  const { id = null, at = null } = message ?? {};
  if (id === null && at === null) return <td className="ink2">not known</td>;
  return (
    <td className={classes.message} title={[id, at].filter((word) => word !== null).join(', ')}>
      {id ?? <span className="ink2">id not known</span>}
      <div className="small ink2">{at ?? 'time not known'}</div>
    </td>
  );
}

/** Unknown is "?", never an empty cell that looks like none. */
function Count({ value, none = 'not told' }: { readonly value: number | null; readonly none?: string }) {
  return (
    <td className={table.right}>
      {value === null ? (
        <span className="ink2" title={none}>
          ?<span className="visually-hidden"> {none}</span>
        </span>
      ) : (
        value.toLocaleString('en')
      )}
    </td>
  );
}
