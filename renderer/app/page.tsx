import type { ClusterSight, SiteSight } from '../../shared/fleet/sight.ts';
import { NotFound } from '../components/not-found.tsx';
import { AdvisorPage } from '../features/advisor/advisor-page.tsx';
import { RecordPage } from '../features/advisor/record-page.tsx';
import { BehaviourPage } from '../features/behaviour/behaviour-page.tsx';
import { ClusterList } from '../features/cluster/cluster-list.tsx';
import { ClusterPage } from '../features/cluster/cluster-page.tsx';
import { DrillsPage } from '../features/drills/drills-page.tsx';
import { Overview } from '../features/overview/overview.tsx';
import { HelpPage } from '../features/help/help-page.tsx';
import { ForcePage } from '../features/operations/force-page.tsx';
import { HoldPage } from '../features/operations/hold-page.tsx';
import { OperationPage } from '../features/operations/operation-page.tsx';
import { ReadmitPage } from '../features/operations/readmit-page.tsx';
import { ReplacePage } from '../features/operations/replace-page.tsx';
import { SchedulePage } from '../features/operations/schedule-page.tsx';
import { SecondPersonPage } from '../features/second-person/second-person-page.tsx';
import { MovePage } from '../features/operations/move-page.tsx';
import { PatchPage } from '../features/patching/patch-page.tsx';
import { NotificationsPage } from '../features/notifications/notifications-page.tsx';
import { ReadinessPage } from '../features/readiness/readiness-page.tsx';
import { RecoveryPage } from '../features/recovery/recovery-page.tsx';
import { ServersPage } from '../features/servers/servers-page.tsx';
import { SetupPage } from '../features/setup/setup-page.tsx';
import { BundlePage } from '../features/timeline/bundle-page.tsx';
import { TimelinePage } from '../features/timeline/timeline-page.tsx';
import { VerificationPage } from '../features/verification/verification-page.tsx';
import { WelcomePage } from '../features/welcome/welcome-page.tsx';
import { WorkstationsPage } from '../features/workstations/workstations-page.tsx';
import type { Route } from './route.ts';
import { WaitingPage } from './waiting-page.tsx';

/** The content for a route, or what it waits for. */
export function Page({ route, site }: { readonly route: Route; readonly site: SiteSight | null }) {
  if (!needsSite(route)) return <PageWithoutSite route={route} site={site} />;
  if (!site) return <WaitingPage />;
  if (route.page === 'overview') return <Overview site={site} />;
  if (route.page === 'clusters') return <ClusterList site={site} />;
  if (route.page === 'servers') return <ServersPage site={site} />;
  if (route.page === 'readiness') return <ReadinessPage site={site} />;
  if (route.page === 'drills') return <DrillsPage site={site} />;
  if (route.page === 'patch') return <PatchPage key={route.server} site={site} server={route.server} />;
  if (route.page === 'timeline') return <TimelinePage site={site} />;
  if (route.page === 'workstations') return <WorkstationsPage site={site} />;
  if (route.page === 'notifications') return <NotificationsPage site={site} />;
  if (route.page === 'recovery-kit') return <RecoveryPage site={site} />;
  if (route.page === 'unknown') {
    return (
      <NotFound title="There is no such page" back={{ page: 'overview' }} backWords="Show the overview">
        The address ends with “{route.address}”, which names no page of this console.
      </NotFound>
    );
  }
  const sight = site.clusters.find((candidate) => candidate.cluster.id === route.cluster);
  if (!sight) {
    return (
      <NotFound
        title={`This site has no cluster ${route.cluster}`}
        back={{ page: 'clusters' }}
        backWords="Show all clusters"
      >
        It may have been removed, or its name is written differently.
      </NotFound>
    );
  }
  return <ClusterContent route={route} sight={sight} site={site} />;
}

type ClusterRoute = Extract<Route, { readonly cluster: string }>;

/** What is shown of one cluster. */
function ClusterContent(props: {
  readonly route: ClusterRoute;
  readonly sight: ClusterSight;
  readonly site: SiteSight;
}) {
  const { route, sight, site } = props;
  switch (route.page) {
    case 'cluster':
      return <ClusterPage key={route.cluster} sight={sight} site={site} tab={route.tab} />;
    case 'move':
      return (
        <MovePage
          key={`${route.cluster} ${route.verb}`}
          sight={sight}
          verb={route.verb}
          target={route.target}
        />
      );
    case 'force':
      return <ForcePage key={`${route.cluster} ${route.target}`} sight={sight} target={route.target} />;
    case 'readmit':
      return <ReadmitPage key={`${route.cluster} ${route.server}`} sight={sight} server={route.server} />;
    case 'replace':
      return <ReplacePage key={route.cluster} sight={sight} />;
    case 'second-person':
      return <SecondPersonPage key={route.cluster} sight={sight} />;
    case 'schedule':
      return <SchedulePage key={route.cluster} sight={sight} />;
    case 'hold':
      return <HoldPage key={route.cluster} sight={sight} />;
    case 'operation':
      return <OperationPage sight={sight} site={site} operation={route.operation} />;
    case 'verification':
      return (
        <VerificationPage
          key={`${route.cluster} ${route.operation ?? ''}`}
          sight={sight}
          operation={route.operation}
        />
      );
  }
}

type RouteWithoutSite = Extract<
  Route,
  { readonly page: 'setup' | 'welcome' | 'advisor' | 'decision-record' | 'behaviour' | 'help' | 'bundle' }
>;

function needsSite(route: Route): route is Exclude<Route, RouteWithoutSite> {
  return !['setup', 'welcome', 'advisor', 'decision-record', 'behaviour', 'help', 'bundle'].includes(
    route.page,
  );
}

/** Also while no site is open. */
function PageWithoutSite(props: { readonly route: RouteWithoutSite; readonly site: SiteSight | null }) {
  const { route, site } = props;
  switch (route.page) {
    case 'setup':
      return <SetupPage step={route.step} />;
    case 'welcome':
      return <WelcomePage isDemo={site?.site.demo === true} />;
    case 'advisor':
      return <AdvisorPage />;
    case 'decision-record':
      return <RecordPage />;
    case 'help':
      return <HelpPage topic={route.topic} />;
    case 'behaviour':
      return <BehaviourPage site={site} />;
    case 'bundle':
      return <BundlePage />;
  }
}
