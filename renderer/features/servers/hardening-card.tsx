import type { ReactNode } from 'react';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { judgeMark, markWords, type UnitMark } from '../../../shared/servers/hardening.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import { shortUnit } from '../../../shared/support/server-logs.ts';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import { ofServer, serversWithAgents } from './of-server.ts';
import { secretRefusal } from './secret-fields.tsx';
import classes from './servers.module.css';
import { useHardening, type ReadHardening } from './use-hardening.ts';

type SiteServer = SiteSight['site']['servers'][number];

/** How open agents, guards and lease store are on each server, as its own systemd marks them. */
export function HardeningCard({ view, site }: { readonly view: ServersView; readonly site: SiteSight }) {
  const servers = serversWithAgents(view, site);
  const names = new Map(site.site.servers.map(({ id, name }) => [id, name]));
  const { reads, now, begin } = useHardening();
  const refusalOf = ({ id }: SiteServer) => secretRefusal(ofServer(view, id), names, false);
  const reached = servers.filter((server) => refusalOf(server) === null);
  const awaited = servers.some(({ id }) => reads.get(id)?.awaited);
  return (
    <Card title="Hardening" note="systemd-analyze security of each server: 0 closed, 10 open">
      <div className={table.scroll} tabIndex={0} role="region" aria-label="Hardening of the units">
        <table className={`${table.table} ${classes.marks}`}>
          <thead>
            <tr>
              <th scope="col">Server</th>
              <th scope="col">Unit</th>
              <th scope="col">Exposure</th>
              <th scope="col" className={table.right}>
                Read
              </th>
            </tr>
          </thead>
          <tbody>
            {servers.map((server) => (
              <ServerMarks
                key={server.id}
                server={server}
                read={reads.get(server.id)}
                refusal={refusalOf(server)}
                now={now}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes.body}>
        <div className={classes.foot}>
          <InkButton
            refusal={
              reached.length === 0 ? (servers[0] ? refusalOf(servers[0]) : 'no server is known') : null
            }
            idle={awaited}
            onClick={() => begin(reached.map(({ id }) => id))}
          >
            {awaited ? 'Reading …' : reads.size === 0 ? 'Read the hardening' : 'Read it again'}
          </InkButton>
        </div>
      </div>
    </Card>
  );
}

function ServerMarks(props: {
  readonly server: SiteServer;
  readonly read: ReadHardening | undefined;
  readonly refusal: string | null;
  readonly now: number;
}) {
  const { server, read, refusal, now } = props;
  const rows: ReactNode[][] = (read?.told?.units ?? []).map((mark) => [
    <td key="unit" className={table.nowrap}>
      {shortUnit(mark.unit)}
    </td>,
    <td key="mark">
      <Mark mark={mark} />
    </td>,
  ]);
  const why = whyNoMarks(read, refusal);
  if (why !== null)
    rows.push([
      <td key="why" colSpan={2}>
        <Fact state="unknown" text={why} />
      </td>,
    ]);
  return rows.map((cells, index) => (
    <tr key={index}>
      {index === 0 && <ServerCell server={server} read={read} rows={rows.length} />}
      {cells}
      {index === 0 && (
        <td rowSpan={rows.length} className={table.right}>
          {read?.told && <Age ms={Math.max(0, now - read.readAtMs)} />}
        </td>
      )}
    </tr>
  ));
}

/** Why nothing, or nothing newer, is known of a server's units; null: its marks stand there as it told them last. */
function whyNoMarks(read: ReadHardening | undefined, refusal: string | null): string | null {
  if (read === undefined) return refusal ?? 'not read yet';
  if (read.error !== null) return read.error.message;
  return read.told === null ? 'is read …' : null;
}

function ServerCell(props: {
  readonly server: SiteServer;
  readonly read: ReadHardening | undefined;
  readonly rows: number;
}) {
  const systemd = props.read?.told?.systemd?.replace(/ \(.*/, '') ?? '';
  return (
    <th scope="row" rowSpan={props.rows} className={table.nowrap}>
      {props.server.name} <span className="small ink3">{systemd}</span>
    </th>
  );
}

const states: Readonly<Record<ReturnType<typeof judgeMark>, FactState>> = {
  'as-installed': 'ok',
  open: 'warn',
  unknown: 'unknown',
};

function Mark({ mark }: { readonly mark: UnitMark }) {
  return <Fact state={states[judgeMark(mark)]} text={markWords(mark)} />;
}

function Fact({ state, text }: { readonly state: FactState; readonly text: string }) {
  return (
    <span className={classes.fact}>
      <StateIcon state={state} />
      <span>{text}</span>
    </span>
  );
}
