import { observerRows, type Statement } from '../../../shared/fleet/observers.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { Age, AgedValue } from '../../components/age.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import classes from './disagreement.module.css';

/** Who says what: observers as rows, subjects as columns. What is silent or cannot see is hatched. */
export function ObserverMatrix({ sight }: { readonly sight: ClusterSight }) {
  const rows = observerRows(sight);
  return (
    <section className={classes.matrix} aria-label="Who says what">
      <div className={table.scroll}>
        <table className={`${table.table} ${table.dense}`}>
          <thead>
            <tr>
              <th scope="col">Who says</th>
              {sight.members.map((member) => (
                <th scope="col" key={member.server}>
                  {member.name} is
                </th>
              ))}
              <th scope="col">Lease of {sight.cluster.id}</th>
              <th scope="col">Messages</th>
              <th scope="col" className={table.right}>
                Age
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.observer}>
                <th scope="row" className={table.nowrap}>
                  {row.observer} <span className="small ink2">{row.part}</span>
                </th>
                {[...row.members, row.lease, row.messages].map((said, index) => (
                  <Said key={index} said={said} />
                ))}
                <td className={table.right}>
                  <Age ms={row.ageMs} sourceSilent={row.silent} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Said({ said }: { readonly said: Statement }) {
  if (said.tone === 'silent') {
    return (
      <td className="hatched">
        <AgedValue silent>{said.text}</AgedValue>
      </td>
    );
  }
  if (said.tone === 'unknown') {
    return (
      <td className="hatched ink2">
        <span>
          <b>?</b> {said.text}
        </span>
      </td>
    );
  }
  return (
    <td className={said.tone === 'blind' ? classes.blind : undefined}>
      {said.tone === 'warn' && <StateIcon state="warn" />} {said.text}
    </td>
  );
}
