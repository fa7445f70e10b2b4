import {
  BellRing,
  BookOpen,
  ClipboardCheck,
  Compass,
  DoorOpen,
  History as HistoryIcon,
  LayoutDashboard,
  MonitorSmartphone,
  Network,
  Server as ServerIcon,
  ServerCog,
  Siren,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { formatSpan, oldestAge } from '../../shared/fleet/age.ts';
import { activeWhere } from '../../shared/fleet/cluster-role.ts';
import type { SiteSight } from '../../shared/fleet/sight.ts';
import { useSetupBegun, useSnapshot } from './console-context.tsx';
import classes from './navigation.module.css';
import { routeHash, type Route } from './route.ts';

export interface NavigationProps {
  readonly route: Route;
  readonly site: SiteSight | null;
  readonly narrow: boolean;
}

/** Left: where one can go, and below "Clusters" where each is Active. */
export function Navigation({ route, site, narrow }: NavigationProps) {
  const setupBegun = useSetupBegun();
  const inCluster = 'cluster' in route ? route.cluster : null;
  return (
    <nav className={`${classes.navigation} ${narrow ? classes.narrow : ''}`} aria-label="Main">
      <Item
        to={{ page: 'overview' }}
        current={route.page === 'overview'}
        icon={LayoutDashboard}
        narrow={narrow}
      >
        Overview
      </Item>
      <Item
        to={{ page: 'clusters' }}
        current={route.page === 'clusters' || (narrow && inCluster !== null)}
        icon={Network}
        narrow={narrow}
        right={site?.clusters.length}
      >
        Clusters
      </Item>
      {!narrow &&
        site?.clusters.map((cluster) => (
          <a
            key={cluster.cluster.id}
            className={`${classes.link} ${classes.child}`}
            href={routeHash({ page: 'cluster', cluster: cluster.cluster.id, tab: 'topology' })}
            aria-current={inCluster === cluster.cluster.id ? 'page' : undefined}
          >
            {cluster.cluster.id}
            <span className={classes.right}>
              <span className="visually-hidden">Active on </span>
              {activeWhere(cluster)}
            </span>
          </a>
        ))}
      <Item
        to={{ page: 'servers' }}
        current={route.page === 'servers'}
        icon={ServerIcon}
        narrow={narrow}
        right={site?.site.servers.length}
      >
        Servers
      </Item>
      <Item
        to={{ page: 'workstations' }}
        current={route.page === 'workstations'}
        icon={MonitorSmartphone}
        narrow={narrow}
      >
        Workstations
      </Item>
      <Item
        to={{ page: 'notifications' }}
        current={route.page === 'notifications'}
        icon={BellRing}
        narrow={narrow}
      >
        Notifications
      </Item>
      <Item
        to={{ page: 'readiness' }}
        current={route.page === 'readiness'}
        icon={ClipboardCheck}
        narrow={narrow}
      >
        Readiness
      </Item>
      <Item to={{ page: 'drills' }} current={route.page === 'drills'} icon={Siren} narrow={narrow}>
        Drills
      </Item>
      <Item
        to={{ page: 'timeline' }}
        current={route.page === 'timeline' || route.page === 'bundle'}
        icon={HistoryIcon}
        narrow={narrow}
      >
        Timeline
      </Item>
      <Item
        to={{ page: 'advisor' }}
        current={route.page === 'advisor' || route.page === 'decision-record'}
        icon={Compass}
        narrow={narrow}
      >
        Advisor
      </Item>
      <Item
        to={{ page: 'setup', step: null }}
        current={route.page === 'setup'}
        icon={ServerCog}
        narrow={narrow}
      >
        {setupBegun ? 'Go on with the setup' : 'Set up a site'}
      </Item>
      <Item to={{ page: 'welcome' }} current={route.page === 'welcome'} icon={DoorOpen} narrow={narrow}>
        Open a site
      </Item>
      <Item
        to={{ page: 'help', topic: null }}
        current={route.page === 'help'}
        icon={BookOpen}
        narrow={narrow}
      >
        Help
      </Item>
      {!narrow && <Foot site={site} />}
    </nav>
  );
}

function Item(props: {
  readonly to: Route;
  readonly current: boolean;
  readonly icon: LucideIcon;
  readonly narrow: boolean;
  readonly right?: ReactNode;
  readonly children: string;
}) {
  const Icon = props.icon;
  return (
    <a
      className={classes.link}
      href={routeHash(props.to)}
      aria-current={props.current ? 'page' : undefined}
      aria-label={props.narrow ? props.children : undefined}
    >
      <Icon aria-hidden />
      {!props.narrow && props.children}
      {!props.narrow && props.right !== undefined && <span className={classes.right}>{props.right}</span>}
    </a>
  );
}

function Foot({ site }: { readonly site: SiteSight | null }) {
  const snapshot = useSnapshot();
  if (!snapshot) return null;
  const ends = site ? [...site.clusters.flatMap((cluster) => cluster.members), site.store] : [];
  const heard = ends.filter((end) => !end.silent).length;
  const oldest = oldestAge(ends.map((end) => end.heardMs));
  return (
    <div className={`${classes.foot} num`}>
      <div>Console {snapshot.consoleVersion}</div>
      {site && (
        <>
          <div>
            Agents {heard} of {ends.length} answer
          </div>
          <div>Oldest data {oldest === null ? 'not known' : formatSpan(oldest)}</div>
        </>
      )}
    </div>
  );
}
