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
  const units = read?.told?.units ?? [];
  const why = read?.error?.message ?? (read ? null : (refusal ?? 'not read yet'));
  const rows = units.length + (why === null && units.length > 0 ? 0 : 1);
  const age = read?.told ? Math.max(0, now - read.readAtMs) : null;
  const name = (
    <th scope="row" rowSpan={rows} className={table.nowrap}>
      {server.name} <span className="small ink3">{read?.told?.systemd?.replace(/ \(.*/, '') ?? ''}</span>
    </th>
  );
  const aged = (
    <td rowSpan={rows} className={table.right}>
      {age !== null && <Age ms={age} />}
    </td>
  );
  return (
    <>
      {units.map((mark, index) => (
        <tr key={mark.unit}>
          {index === 0 && name}
          <td className={table.nowrap}>{shortUnit(mark.unit)}</td>
          <td>
            <Mark mark={mark} />
          </td>
          {index === 0 && aged}
        </tr>
      ))}
      {rows > units.length && (
        <tr>
          {units.length === 0 && name}
          <td colSpan={2}>
            <span className={classes.fact}>
              <StateIcon state="unknown" />
              <span>{why ?? 'is read …'}</span>
            </span>
          </td>
          {units.length === 0 && aged}
        </tr>
      )}
    </>
  );
}

const states: Readonly<Record<ReturnType<typeof judgeMark>, FactState>> = {
  'as-installed': 'ok',
  open: 'warn',
  unknown: 'unknown',
};

function Mark({ mark }: { readonly mark: UnitMark }) {
  return (
    <span className={classes.fact}>
      <StateIcon state={states[judgeMark(mark)]} />
      <span>{markWords(mark)}</span>
    </span>
  );
}
