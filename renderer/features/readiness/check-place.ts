import type { CheckDefinition } from '../../../shared/readiness/check.ts';
import { routeHash, type Route } from '../../app/route.ts';
import type { StandingRow } from './standing-rows.ts';

/** Where a person goes on from an open check; null: nowhere in this console. */
export function placeOf(
  { place }: CheckDefinition,
  { told }: StandingRow,
): { readonly href: string; readonly words: string } | null {
  const cluster = told.find(({ subject }) => subject !== '')?.subject ?? null;
  const to = (route: Route, words: string) => ({ href: routeHash(route), words });
  if (place === undefined) return null;
  switch (place) {
    case 'servers':
      return to({ page: 'servers' }, 'Show servers');
    case 'setup':
      return to({ page: 'setup', step: null }, 'Show setup');
    case 'timeline':
      return to({ page: 'timeline' }, 'Show timeline');
    case 'advisor':
      return to({ page: 'advisor' }, 'Show the advisor');
    case 'behaviour':
      return to({ page: 'behaviour' }, 'Show the behaviour');
    case 'notifications':
      return to({ page: 'notifications' }, 'Show notifications');
    case 'recovery-kit':
      return to({ page: 'recovery-kit' }, 'Make a kit');
    case 'cluster':
      return cluster === null
        ? to({ page: 'clusters' }, 'Show clusters')
        : to({ page: 'cluster', cluster, tab: 'topology' }, `Show ${cluster}`);
    case 'maintenance':
      return to({ page: 'clusters' }, 'Show clusters');
    case 'move':
      return cluster === null
        ? to({ page: 'clusters' }, 'Show clusters')
        : to({ page: 'move', verb: 'switchover', cluster, target: null }, `Move ${cluster}…`);
  }
}
