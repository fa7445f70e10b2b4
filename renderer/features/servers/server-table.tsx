import { formatSpan } from '../../../shared/fleet/age.ts';
import type { ServerRow } from '../../../shared/fleet/server-rows.ts';
import { routeHash } from '../../app/route.ts';
import { Age, AgedValue } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import { Term } from '../../components/term.tsx';
import table from '../../components/table.module.css';
import classes from './servers.module.css';

const parts = { witness: 'lease store', balancer: 'load balancer', storage: 'storage', member: '' };

/** Every server with what its agents tell of it, and how old that is. */
export function ServerTable({ rows }: { readonly rows: readonly ServerRow[] }) {
  const heard = rows.filter((row) => row.hasAgent).map((row) => row.heardMs);
  const oldest = heard.some((ms) => ms === null) ? null : Math.max(0, ...heard.map((ms) => ms ?? 0));
  return (
    <Card
      title="What they run"
      note={`${rows.length} servers`}
      age={{ ms: oldest, sourceSilent: rows.some((row) => row.silent) }}
    >
      <div className={table.scroll} tabIndex={0} role="region" aria-label="Servers and what they run">
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Server</th>
              <th scope="col">Carries</th>
              <th scope="col">
                <Term id="agent" />
              </th>
              <th scope="col">
                <Term id="guard">Guards</Term>
              </th>
              <th scope="col">
                <Term id="storage" />
              </th>
              <th scope="col" className={table.right}>
                Certificates
              </th>
              <th scope="col" className={table.right}>
                Last heard
              </th>
              <th scope="col">
                <span className="visually-hidden">Work</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Row({ row }: { readonly row: ServerRow }) {
  const noAgent = <span className="ink3">no agent</span>;
  return (
    <tr>
      <th scope="row" className={table.nowrap}>
        {row.name} <span className="small ink3">{row.address}</span>
      </th>
      <td>
        {row.members.map((member) => (
          <span className={classes.member} key={member.cluster}>
            {member.cluster} <RoleChip role={member.role} />
          </span>
        ))}
        {row.store === null ? parts[row.part] : 'lease store'}
      </td>
      <td className={table.nowrap}>{row.hasAgent ? <Version row={row} /> : noAgent}</td>
      <td className={table.nowrap}>{guards(row)}</td>
      <td className={table.nowrap}>{storage(row)}</td>
      <td className={table.right}>{row.hasAgent ? <Certificates row={row} /> : ''}</td>
      <td className={table.right}>
        {row.hasAgent ? <Age ms={row.heardMs} sourceSilent={row.silent} /> : ''}
      </td>
      <td className={table.nowrap}>
        {row.members.length > 0 && (
          <a href={routeHash({ page: 'patch', server: row.id })} aria-label={`Patch ${row.name}`}>
            Patch…
          </a>
        )}
      </td>
    </tr>
  );
}

function Version({ row }: { readonly row: ServerRow }) {
  if (row.versions.length === 0) return <Fact state="unknown" silent={false} text="not heard yet" />;
  const text = row.versions.join(' and ');
  return (
    <Fact
      state={row.differs ? 'warn' : 'ok'}
      silent={row.silent}
      text={row.differs ? `${text}, others newer` : text}
    />
  );
}

function guards({ guards: seen, members, silent, observes }: ServerRow) {
  if (members.length === 0) return '';
  if (seen === null) return <Fact state="unknown" silent={false} text="not heard yet" />;
  if (observes) return <Fact state="warn" silent={silent} text="observes only" />;
  const all = seen.beating === seen.of;
  return <Fact state={all ? 'ok' : 'danger'} silent={silent} text={`${seen.beating} of ${seen.of} beat`} />;
}

function storage({ storage: seen, members, silent }: ServerRow) {
  if (members.length === 0) return '';
  if (seen === null) return <Fact state="unknown" silent={false} text="not heard yet" />;
  if (seen === 'not-mounted') return <Fact state="ok" silent={silent} text="not mounted, as it should be" />;
  return seen === 'proven' ? (
    <Fact state="ok" silent={silent} text="proven" />
  ) : (
    <Fact state="warn" silent={silent} text="not proven" />
  );
}

const dayMs = 24 * 3_600_000;
const toldDays = 30;

/** One line for each certificate where there are several parts that have one. */
function Certificates({ row: { certificates, members, store, silent } }: { readonly row: ServerRow }) {
  const parts = members.length + (store === null ? 0 : 1);
  if (certificates.length === 0) return <Fact state="unknown" silent={false} text="not told" />;
  if (parts === 1) return <Days daysLeft={certificates[0]!.daysLeft} silent={silent} />;
  return (
    <ul className={classes.certificates}>
      {certificates.map(({ part, daysLeft }) => (
        <li key={part}>
          <span className="small ink3">{part}</span> <Days daysLeft={daysLeft} silent={silent} />
        </li>
      ))}
    </ul>
  );
}

function Days({ daysLeft, silent }: { readonly daysLeft: number; readonly silent: boolean }) {
  if (daysLeft < 0)
    return <Fact state="danger" silent={silent} text={`ended ${formatSpan(-daysLeft * dayMs)} ago`} />;
  const state: FactState = daysLeft > toldDays ? 'ok' : daysLeft > 7 ? 'warn' : 'danger';
  return <Fact state={state} silent={silent} text={`${daysLeft} ${daysLeft === 1 ? 'day' : 'days'} left`} />;
}

function Fact(props: { readonly state: FactState; readonly silent: boolean; readonly text: string }) {
  return (
    <span className={classes.fact}>
      <StateIcon state={props.state} />
      <AgedValue silent={props.silent}>{props.text}</AgedValue>
    </span>
  );
}
