import { oldestAge } from '../../../shared/fleet/age.ts';
import { matrixRows, storeRow, type MatrixRow } from '../../../shared/fleet/matrix.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { routeHash } from '../../app/route.ts';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './server-matrix.module.css';

/** Servers × clusters: that the roles cross is visible at once. */
export function ServerMatrix({ site }: { readonly site: SiteSight }) {
  const rows = matrixRows(site);
  const store = storeRow(site);
  const oldest = oldestAge([...rows.map((row) => row.ageMs), store.ageMs]);
  const silent = site.store.silent || rows.some((row) => row.silent);
  return (
    <Card title="Servers and clusters" note="who is what, where" age={{ ms: oldest, sourceSilent: silent }}>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Server</th>
              {site.clusters.map((cluster) => (
                <th scope="col" key={cluster.cluster.id}>
                  <a href={routeHash({ page: 'cluster', cluster: cluster.cluster.id, tab: 'topology' })}>
                    {cluster.cluster.id}
                  </a>
                </th>
              ))}
              <th scope="col" className={classes.right}>
                Age
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ServerRow key={row.server} row={row} />
            ))}
            <tr>
              <th scope="row">
                {store.name}
                <div className={classes.address}>{store.address}</div>
              </th>
              <td
                colSpan={site.clusters.length}
                className={store.state === 'unknown' ? 'hatched' : undefined}
              >
                <span className={classes.witness}>
                  <StateIcon state={store.state} />
                  <span className="num">{store.sentence}</span>
                </span>
              </td>
              <td className={classes.right}>
                <Age ms={store.ageMs} sourceSilent={site.store.silent} />
              </td>
            </tr>
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function ServerRow({ row }: { readonly row: MatrixRow }) {
  return (
    <tr>
      <th scope="row">
        {row.name}
        <div className={classes.address}>{row.address}</div>
      </th>
      {row.cells.map((cell) => (
        <td key={cell.cluster} className={cell.member?.silent ? 'hatched' : undefined}>
          {cell.member ? (
            <>
              <RoleChip role={cell.member.role} />
              <div className={classes.detail}>{cell.detail}</div>
            </>
          ) : (
            <span className="ink3">no member</span>
          )}
        </td>
      ))}
      <td className={classes.right}>
        <Age ms={row.ageMs} sourceSilent={row.silent} />
      </td>
    </tr>
  );
}
