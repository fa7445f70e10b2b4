import { Spotlight, type SpotlightActionData, type SpotlightFilterFunction } from '@mantine/spotlight';
import { Search } from 'lucide-react';
import type { ClusterSight, SiteSight } from '../../shared/fleet/sight.ts';
import type { Asker } from '../../shared/fleet/asker.ts';
import { forceOffered, readmissionsOffered } from '../../shared/fleet/force-plan.ts';
import { replacementOffered } from '../../shared/fleet/replacement-plan.ts';
import { moveName, moveOffered, moveRefusal } from '../../shared/fleet/move-plan.ts';
import { useConnection, useConsole, useSetupBegun, useSnapshot } from './console-context.tsx';
import { useThemeChoice } from './me-menu.tsx';
import { navigate, type Route } from './route.ts';

/** Ctrl+K: everything the screens can do, by its words. */
export function CommandPalette({ site }: { readonly site: SiteSight | null }) {
  const { ui, palette } = useConsole();
  const chooseTheme = useThemeChoice();
  const role = useSnapshot()?.me.role ?? 'viewer';
  const { connected } = useConnection();
  const asker = { role, connected };
  const setupBegun = useSetupBegun();
  const actions: SpotlightActionData[] = [
    go('Overview', 'All clusters and problems', { page: 'overview' }),
    go('Clusters', 'List of clusters', { page: 'clusters' }),
    go('Servers', 'What they run; upgrade, repair, support bundle', { page: 'servers' }),
    go('Workstations', 'Who may work with the site; invite, revoke', { page: 'workstations' }),
    go('Notifications', 'Whom the agents tell; test, secrets, webhook, mail', { page: 'notifications' }),
    go('Readiness', 'Checks, answers of people, reports', { page: 'readiness' }),
    go('Drills', 'Rehearse a failover, history and certificates', { page: 'drills' }),
    go('Timeline', 'What happened, and when', { page: 'timeline' }),
    go('Open a support bundle', 'Its journals, without any server', { page: 'bundle' }),
    go('Advisor', 'Which of the two designs fits', { page: 'advisor' }),
    go('Failover behaviour', 'What happens when something fails', { page: 'behaviour' }),
    go('Decision record', 'What was answered and decided, to print', { page: 'decision-record' }),
    setupBegun
      ? go('Go on with the setup…', 'Where it was left', { page: 'setup', step: null })
      : go('Set up a site…', 'From bare servers to a protected site', { page: 'setup', step: null }),
    ...(role === 'admin'
      ? [go('Recovery kit…', 'What a new workstation needs', { page: 'recovery-kit' })]
      : []),
    go('Help', 'Run-books, states, errors, rules and words', { page: 'help', topic: null }),
    go('Open or join a site…', 'The ways to begin', { page: 'welcome' }),
    ...(site === null || role === 'viewer' ? [] : patchActions(site)),
    ...(site?.clusters.flatMap((sight) => clusterActions(sight, asker)) ?? []),
    ...(site?.site.demo
      ? [action('Inject or heal a fault', 'Demo site only', () => ui.getState().setDemoOpen(true))]
      : []),
    action('Use the light theme', 'Appearance', () => chooseTheme('light')),
    action('Use the dark theme', 'Appearance', () => chooseTheme('dark')),
    action('Follow the system theme', 'Appearance', () => chooseTheme('system')),
  ];
  return (
    <Spotlight
      store={palette.store}
      actions={actions}
      filter={anyOrder}
      shortcut="mod + K"
      lockScroll={false}
      attributes={{ content: { 'aria-label': 'Search or do' } }}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      nothingFound="Nothing by that name. Try a cluster, such as WK1."
      searchProps={{
        placeholder: 'Search or do…',
        'aria-label': 'Search or do',
        leftSection: <Search size={16} aria-hidden />,
      }}
      radius="lg"
      scrollable
      maxHeight={360}
    />
  );
}

/** Servers that carry members can be taken out of service. */
function patchActions({ site, clusters }: SiteSight): SpotlightActionData[] {
  const carrying = new Set(clusters.flatMap(({ members }) => members.map(({ server }) => server)));
  return site.servers
    .filter(({ id }) => carrying.has(id))
    .map(({ id, name }) =>
      go(`Patch ${name}…`, 'All its clusters to the other server, and back', { page: 'patch', server: id }),
    );
}

function clusterActions(sight: ClusterSight, asker: Asker): SpotlightActionData[] {
  const { id, title } = sight.cluster;
  const offered = moveOffered(sight);
  const move = offered && moveRefusal(sight, offered, asker) === null ? offered : null;
  return [
    go(`${id}: topology`, title, { page: 'cluster', cluster: id, tab: 'topology' }),
    go(`${id}: journal`, title, { page: 'cluster', cluster: id, tab: 'journal' }),
    go(`${id}: commands`, title, { page: 'cluster', cluster: id, tab: 'commands' }),
    ...(asker.role === 'viewer'
      ? []
      : [
          go(`Maintenance of ${id}…`, 'Hold it still for a while, extend or end it', {
            page: 'hold',
            cluster: id,
          }),
        ]),
    go(`Second person for ${id}…`, 'What waits for one, and which changes do', {
      page: 'second-person',
      cluster: id,
    }),
    ...sight.members.map(({ name, server }) =>
      go(
        `Compare ${name} in ${id}`,
        'What differs from the other member, for example after it has come back',
        {
          page: 'readmit',
          cluster: id,
          server,
        },
      ),
    ),
    ...(asker.role === 'admin'
      ? [
          go(`Schedule a move of ${id}…`, 'The Active makes it itself within a window', {
            page: 'schedule',
            cluster: id,
          }),
        ]
      : []),
    ...(asker.role === 'admin' ? repairActions(sight) : []),
    ...(move
      ? [
          go(`${moveName(move, id)}…`, 'Shows the plan first', {
            page: 'move',
            verb: move.verb,
            cluster: id,
            target: move.target.server,
          }),
        ]
      : []),
  ];
}

/** What only administrators may do, where it makes sense now. */
function repairActions(sight: ClusterSight): SpotlightActionData[] {
  const { id } = sight.cluster;
  const target = forceOffered(sight);
  return [
    ...(target
      ? [
          go(`Force ${target.name} to take ${id} over…`, 'Shows what is known first', {
            page: 'force',
            cluster: id,
            target: target.server,
          }),
        ]
      : []),
    ...(replacementOffered(sight)
      ? [
          go(`Replace the lease store of ${id}…`, 'Shows what is known first', {
            page: 'replace',
            cluster: id,
          }),
        ]
      : []),
    ...readmissionsOffered(sight).map(({ name, server }) =>
      go(`Re-admit ${name} to ${id}…`, 'It takes part again', { page: 'readmit', cluster: id, server }),
    ),
  ];
}

/** Every word of the query stands somewhere in an action, in any order; the ones named so come first. */
const anyOrder: SpotlightFilterFunction = (query, actions) => {
  const words = plainWords(query);
  const rank = (entry: (typeof actions)[number]) => {
    if ('actions' in entry) return 2;
    const label = (entry.label ?? '').toLowerCase();
    const text = `${label} ${(entry.description ?? '').toLowerCase()}`;
    if (!words.every((word) => text.includes(word))) return 2;
    return words.every((word) => label.includes(word)) ? 0 : 1;
  };
  const fits = actions.filter((entry) => rank(entry) < 2);
  return fits.sort((one, other) => rank(one) - rank(other));
};

function plainWords(query: string): string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function go(label: string, description: string, route: Route): SpotlightActionData {
  return action(label, description, () => navigate(route));
}

function action(label: string, description: string, onClick: () => void): SpotlightActionData {
  return { id: label, label, description, onClick };
}
