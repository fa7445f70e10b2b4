import { describe, expect, it } from 'vitest';
import { parseRoute, routeHash, type Route } from '../../../renderer/app/route.ts';

describe('address of a page', () => {
  const routes: Route[] = [
    { page: 'overview' },
    { page: 'clusters' },
    { page: 'cluster', cluster: 'WK1', tab: 'journal' },
    { page: 'move', verb: 'switchover', cluster: 'WK1', target: null },
    { page: 'move', verb: 'failover', cluster: 'WK1', target: 'ig-south' },
    { page: 'hold', cluster: 'WK1' },
    { page: 'move', verb: 'failback', cluster: 'a b', target: 'ig-south' },
    { page: 'operation', cluster: 'WK1', operation: 'op/1' },
    { page: 'unknown', address: 'some/where' },
  ];

  it.each(routes)('of $page is read back as written', (route) => {
    expect(parseRoute(routeHash(route))).toEqual(route);
  });

  it('that names nothing is not taken for another page', () => {
    for (const hash of [
      '#/somewhere',
      '#/clusters/x',
      '#/cluster',
      '#/cluster/WK1/nothing',
      '#/cluster/%E0%A4%A',
    ])
      expect(parseRoute(hash)).toEqual({ page: 'unknown', address: hash.slice(2) });
  });

  it('may be short', () => {
    for (const hash of ['', '#', '#/']) expect(parseRoute(hash)).toEqual({ page: 'overview' });
    expect(parseRoute('#/cluster/WK1/')).toEqual({ page: 'cluster', cluster: 'WK1', tab: 'topology' });
  });
});
