import { describe, expect, it } from 'vitest';
import { parseRoute, routeHash, type Route } from '../../../renderer/app/route.ts';

describe('address of a page', () => {
  const routes: Route[] = [
    { page: 'overview' },
    { page: 'clusters' },
    { page: 'cluster', cluster: 'WK1', tab: 'journal' },
    { page: 'switchover', cluster: 'WK1', target: null },
    { page: 'switchover', cluster: 'a b', target: 'ig-south' },
    { page: 'operation', cluster: 'WK1', operation: 'op/1' },
  ];

  it.each(routes)('of $page is read back as written', (route) => {
    expect(parseRoute(routeHash(route))).toEqual(route);
  });

  it('falls back to what exists', () => {
    expect(parseRoute('#/somewhere')).toEqual({ page: 'overview' });
    expect(parseRoute('#/cluster/WK1/nothing')).toEqual({ page: 'cluster', cluster: 'WK1', tab: 'topology' });
    expect(parseRoute('#/cluster/%E0%A4%A')).toEqual({ page: 'overview' });
  });
});
