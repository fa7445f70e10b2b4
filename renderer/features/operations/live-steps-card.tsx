import type { ReactNode } from 'react';
import { Card } from '../../components/card.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import classes from './guided.module.css';

/** Steps as members and store tell them now, each with its age. Rows are `StepRow`s. */
export function LiveStepsCard({ children }: { readonly children: ReactNode }) {
  return (
    <Card title="Steps" note="each waits for proof, not for time">
      <table className={`${table.table} ${table.dense}`}>
        <thead>
          <tr>
            <th scope="col">Step and evidence</th>
            <th scope="col">On</th>
            <th scope="col" className={table.right}>
              Age
            </th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Card>
  );
}

/** One live step: what, where, the proof of it and its age. */
export function StepRow(props: {
  readonly title: string;
  readonly state: FactState;
  readonly evidence: string;
  readonly on: string;
  readonly children: ReactNode;
}) {
  return (
    <tr>
      <td>
        <div className={classes.stepTitle}>
          <StateIcon state={props.state} /> {props.title}
        </div>
        {props.evidence !== '' && <div className={classes.evidence}>{props.evidence}</div>}
      </td>
      <td className="ink2">{props.on}</td>
      <td className={table.right}>{props.children}</td>
    </tr>
  );
}
