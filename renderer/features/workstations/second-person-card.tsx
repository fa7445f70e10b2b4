import { secondPersonScope } from '../../../shared/fleet/second-person.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { capital } from '../../../shared/fleet/wording.ts';
import { scopeWords } from '../../../shared/second-person/scope.ts';
import { routeHash } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import classes from './workstations.module.css';

/** Which changes of each cluster need two persons, and the way to the setting. */
export function SecondPersonCard({ site }: { readonly site: SiteSight }) {
  return (
    <Card title="A second person" note="another name, as its certificate has it">
      <div className={classes.form}>
        <p className="ink2">
          A cluster can ask that planned changes wait until somebody else has agreed. Automatic failover never
          waits.
        </p>
        <ul className={classes.scopes} aria-label="What waits for a second person">
          {site.clusters.map((sight) => {
            const { id } = sight.cluster;
            const scope = secondPersonScope(sight);
            return (
              <li key={id}>
                <b>{id}</b>
                <span>
                  {scope === null ? 'Not known: no member that answers tells it' : capital(scopeWords[scope])}
                </span>
                <a
                  href={routeHash({ page: 'second-person', cluster: id })}
                  aria-label={`Second person for ${id}`}
                >
                  Look and change…
                </a>
              </li>
            );
          })}
        </ul>
      </div>
    </Card>
  );
}
