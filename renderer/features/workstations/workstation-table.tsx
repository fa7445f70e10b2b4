import { Ban } from 'lucide-react';
import {
  workstationStanding,
  type WorkstationStanding,
} from '../../../shared/workstations/workstation-standing.ts';
import type { WorkstationView } from '../../../shared/workstations/workstations-view.ts';
import { Card } from '../../components/card.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import { roleWords } from './workstation-words.ts';
import classes from './workstations.module.css';

/** Every workstation that is known here, with its role and how long it is accepted. */
export function WorkstationTable(props: {
  readonly workstations: readonly WorkstationView[];
  readonly nowMs: number;
}) {
  const { workstations, nowMs } = props;
  return (
    <Card title="Who may work with this site" note="as far as this workstation knows">
      <div className={table.scroll} tabIndex={0} role="region" aria-label="Workstations">
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Workstation</th>
              <th scope="col">Role</th>
              <th scope="col">Invited</th>
              <th scope="col">By</th>
              <th scope="col">Certificate</th>
            </tr>
          </thead>
          <tbody>
            {workstations.map((one) => (
              <tr key={`${one.name} ${one.issued}`}>
                <th scope="row" className={table.nowrap}>
                  {one.name} {one.own && <span className="small ink3">this workstation</span>}
                </th>
                <td className={table.nowrap}>{roleWords[one.role]}</td>
                <td className={table.nowrap}>{one.own ? '' : one.issued.slice(0, 10)}</td>
                <td>{one.by}</td>
                <td>
                  <Standing one={one} standing={workstationStanding(one, nowMs)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Standing(props: { readonly one: WorkstationView; readonly standing: WorkstationStanding }) {
  const { one, standing } = props;
  return (
    <span className={classes.standing}>
      {standing === 'good' || standing === 'ending' ? (
        <StateIcon state={standing === 'good' ? 'ok' : 'warn'} />
      ) : (
        <Ban size={16} aria-hidden />
      )}
      {standingText(one, standing)}
    </span>
  );
}

/** Pure. */
export function standingText({ ends, revoked }: WorkstationView, standing: WorkstationStanding): string {
  switch (standing) {
    case 'good':
      return `until ${ends.slice(0, 10)}`;
    case 'ending':
      return `until ${ends.slice(0, 10)}, soon`;
    case 'ended':
      return `ended ${ends.slice(0, 10)}`;
    case 'revoked':
      return `revoked ${revoked!.slice(0, 10)}`;
  }
}
