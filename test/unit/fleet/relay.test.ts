import { describe, expect, it } from 'vitest';
import { layoutTopology } from '../../../renderer/features/topology/layout.ts';
import { topologyPaths } from '../../../renderer/features/topology/paths.ts';
import { clusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { clusterFindings } from '../../../shared/fleet/findings.ts';
import { observerRows } from '../../../shared/fleet/observers.ts';
import { relaySight } from '../../../shared/fleet/relay.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf, lostFor } from '../../screens/site-fixture.ts';
import { clusterSight } from './sight-of-fixture.ts';

describe('an Active that renews through its peer', () => {
  const sight = clusterSight(fixtures.relayed(), 'WK1', 1_000);

  it('is told with the way and for how long', () => {
    expect(relaySight(sight)).toMatchObject({
      holder: { server: 'ig-north' },
      through: { server: 'ig-south' },
      forMs: 43_300,
    });
    expect(observerRows(sight)[0]?.lease.text).toBe('ours, epoch 47, renewed through ig-south');
  });

  it('is one thing to look at, and a failover still works', () => {
    const found = clusterFindings(sight);
    expect(found.map(({ title }) => title)).toEqual([
      'WK1: ig-north reaches the lease store only through ig-south',
    ]);
    expect(clusterVerdict(sight).kind).toBe('caution');
  });

  it('has a line of its own in the picture, and its own way is shown as silent', () => {
    const paths = topologyPaths(sight, 'full');
    const style = (id: string) => paths.find((path) => path.id === id)?.style;
    expect(paths.find(({ kind }) => kind === 'relay')).toMatchObject({
      style: 'carries',
      name: 'Renews through ig-south',
      figures: ['2.1 s'],
    });
    expect([style('store ig-north'), style('store ig-south')]).toEqual(['silent', 'carries']);
    const { ports } = layoutTopology(['ig-north', 'ig-south'], 'full');
    expect(ports.relay).toBeGreaterThan(ports.beat);
    expect(ports.relay).toBeLessThan(ports.store);
  });

  it('is nothing that a silent member still says', () => {
    const snapshot = fixtures.relayed();
    clusterOf(snapshot, 'WK1').members[0]!.link = lostFor(20_000);
    expect(relaySight(clusterSight(snapshot, 'WK1'))).toBeNull();
  });
});
