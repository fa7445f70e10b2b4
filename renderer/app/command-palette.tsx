import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { Search } from 'lucide-react';
import { clusterRole } from '../../shared/fleet/cluster-role.ts';
import type { ClusterSight, SiteSight } from '../../shared/fleet/sight.ts';
import { useConsole } from './console-context.tsx';
import { useThemeChoice } from './me-menu.tsx';
import { navigate, type Route } from './route.ts';

/** Ctrl+K: everything the screens can do, by its words. */
export function CommandPalette({ site }: { readonly site: SiteSight | null }) {
  const { ui, palette } = useConsole();
  const chooseTheme = useThemeChoice();
  const actions: SpotlightActionData[] = [
    go('Overview', 'All clusters and problems', { page: 'overview' }),
    go('Clusters', 'List of clusters', { page: 'clusters' }),
    ...(site?.clusters.flatMap(clusterActions) ?? []),
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

function clusterActions(sight: ClusterSight): SpotlightActionData[] {
  const { id, title } = sight.cluster;
  const role = clusterRole(sight);
  const targets = role.kind === 'one' ? sight.members.filter((member) => member !== role.active) : [];
  return [
    go(`${id}: topology`, title, { page: 'cluster', cluster: id, tab: 'topology' }),
    go(`${id}: journal`, title, { page: 'cluster', cluster: id, tab: 'journal' }),
    go(`${id}: commands`, title, { page: 'cluster', cluster: id, tab: 'commands' }),
    ...targets.map((target) =>
      go(`Switch ${id} over to ${target.name}…`, 'Shows the plan first', {
        page: 'switchover',
        cluster: id,
        target: target.server,
      }),
    ),
  ];
}

function go(label: string, description: string, route: Route): SpotlightActionData {
  return action(label, description, () => navigate(route));
}

function action(label: string, description: string, onClick: () => void): SpotlightActionData {
  return { id: label, label, description, onClick };
}
