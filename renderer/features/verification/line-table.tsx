import { ChevronRight, History, UserCheck } from 'lucide-react';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import type { CheckedLine } from '../../../shared/verification/verification.ts';
import { ProofChip } from '../../components/proof-chip.tsx';
import table from '../../components/table.module.css';
import classes from './verification.module.css';

export interface LineTableProps {
  readonly kept: KeptVerification;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Every line with its verdict; the button of a row opens it beside the table. */
export function LineTable({ kept, selected, onSelect }: LineTableProps) {
  const { verification, judgements } = kept;
  return (
    <section className={classes.lines} aria-label="Checks">
      <div className={table.scroll} tabIndex={0} role="region" aria-label="List of checks">
        <table className={`${table.table} ${classes.checks}`}>
          <thead>
            <tr>
              <th scope="col">Verdict</th>
              <th scope="col">Check</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
              <th scope="col">Evidence</th>
            </tr>
          </thead>
          <tbody>
            {verification.lines.map((line) => (
              <Row
                key={line.id}
                line={line}
                isSelected={line.id === selected}
                isJudged={judgements.some((one) => one.line === line.id)}
                onSelect={() => onSelect(line.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row(props: {
  readonly line: CheckedLine;
  readonly isSelected: boolean;
  readonly isJudged: boolean;
  readonly onSelect: () => void;
}) {
  const { line, isSelected, isJudged, onSelect } = props;
  return (
    <tr className={isSelected ? classes.selected : ''} onClick={onSelect}>
      <td>
        <ProofChip proof={line.verdict} plain />
      </td>
      <th scope="row">
        <button type="button" className={classes.choose} aria-pressed={isSelected}>
          {line.title}
        </button>
        {isJudged && (
          <span className={classes.judged} title="Judged by a person">
            <UserCheck aria-hidden /> <span className="visually-hidden">judged by a person</span>
          </span>
        )}
        {line.earlier && (
          <span className={classes.judged} title={`As look ${line.earlier.look} saw it`}>
            <History aria-hidden />{' '}
            <span className="visually-hidden">as look {line.earlier.look} saw it</span>
          </span>
        )}
      </th>
      <Told value={line.before} className="ink2" />
      <Told value={line.after} />
      <td className={classes.evidence} title={line.evidence}>
        <span>
          {line.evidence}
          <ChevronRight aria-hidden />
        </span>
      </td>
    </tr>
  );
}

/** What is not told is "?", never an empty cell that looks like none. */
function Told({ value, className = '' }: { readonly value: string | null; readonly className?: string }) {
  if (value !== null) {
    return (
      <td className={`${classes.told} ${className}`} title={value}>
        {value}
      </td>
    );
  }
  return (
    <td className="ink2">
      ?<span className="visually-hidden"> not told</span>
    </td>
  );
}
