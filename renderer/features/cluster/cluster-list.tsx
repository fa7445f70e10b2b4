import { clusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { heardAge, type ClusterSight, type SiteSight } from '../../../shared/fleet/sight.ts';
import { routeHash } from '../../app/route.ts';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import table from '../../components/table.module.css';
import { VerdictChip } from '../../components/verdict-chip.tsx';
import { MoveButton } from '../operations/move-button.tsx';
import classes from './cluster-list.module.css';

/** All clusters with where each is Active, and the way to move one. */
export function ClusterList({ site }: { readonly site: SiteSight }) {
  return (
    <div className={classes.page}>
      <h1>Clusters</h1>
      <Card title="Each cluster fails over by itself" note={`${site.clusters.length} on this site`}>
        <div className={table.scroll}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">Cluster</th>
                <th scope="col">Verdict</th>
                <th scope="col">Members</th>
                <th scope="col" className={table.right}>
                  Age
                </th>
                <th scope="col">
                  <span className="visually-hidden">Act</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {site.clusters.map((sight) => (
                <ClusterRow key={sight.cluster.id} sight={sight} />
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}

function ClusterRow({ sight }: { readonly sight: ClusterSight }) {
  const { id, title } = sight.cluster;
  return (
    <tr>
      <th scope="row">
        <a href={routeHash({ page: 'cluster', cluster: id, tab: 'topology' })}>{id}</a>{' '}
        <span className="small ink2">{title}</span>
      </th>
      <td>
        <VerdictChip verdict={clusterVerdict(sight)} />
      </td>
      <td>
        {sight.members.map((member) => (
          <span className={classes.member} key={member.server}>
            <RoleChip role={member.role} /> {member.name}
          </span>
        ))}
      </td>
      <td className={table.right}>
        <Age {...heardAge(sight)} />
      </td>
      <td className={table.right}>
        <span className={classes.act}>
          <MoveButton sight={sight} named />
        </span>
      </td>
    </tr>
  );
}
