import { describe, expect, it } from 'vitest';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { storeRow } from '../../../shared/fleet/matrix.ts';
import { observerRows } from '../../../shared/fleet/observers.ts';
import { siteProblems } from '../../../shared/fleet/problems.ts';
import { siteSight } from '../../../shared/fleet/sight.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { lostFor } from '../../screens/site-fixture.ts';

/** Goal: an etcd is shown as its members see it, and nothing is called a witness. Method: the fixtures without one. */
function withEtcd(change: (site: NonNullable<ConsoleSnapshot['site']>) => void = () => undefined) {
  const site = fixtures.healthy().site!;
  site.servers = site.servers.filter(({ part }) => part !== 'witness');
  site.witness = null;
  site.etcd = { endpoints: ['10.20.9.5:2379', '10.20.9.6:2379', '10.20.9.7:2379'] };
  change(site);
  return siteSight(site, 0);
}
const members = (site: NonNullable<ConsoleSnapshot['site']>) =>
  site.clusters.flatMap((cluster) => cluster.members);

describe('an etcd on the screen', () => {
  it('has the leases that its holders tell of', () => {
    const sight = withEtcd();
    expect(sight.store).toMatchObject({ kind: 'etcd', name: 'etcd', silent: false });
    expect(sight.store.snapshot?.leases).toMatchObject([
      { cluster: 'WK1', epoch: 47, holder: 'ig-north' },
      { cluster: 'WK2', epoch: 31, holder: 'ig-south' },
    ]);
    expect(storeRow(sight)).toMatchObject({ name: 'etcd', state: 'ok' });
    expect(storeRow(sight).sentence).toContain('both leases live');
    expect(observerRows(sight.clusters[0]!)[2]).toMatchObject({ observer: 'etcd', part: 'lease store' });
    expect(siteProblems(sight)).toEqual([]);
  });

  it('that no member reaches is one problem, with what to look at', () => {
    const sight = withEtcd((site) => {
      site.clusters.splice(1);
      for (const { snapshot } of members(site)) {
        snapshot!.store.reachable = false;
        snapshot!.store.answeredMs = 9_000;
      }
    });
    expect(sight.store.silent).toBe(true);
    const [problem] = siteProblems(sight);
    expect(JSON.stringify(problem)).toMatch(/etcd/);
    expect(JSON.stringify(problem)).not.toMatch(/witness/);
  });

  it('is not blamed when only the members are silent', () => {
    const sight = withEtcd((site) => {
      for (const member of members(site)) member.link = lostFor(5_000);
    });
    expect(sight.store).toMatchObject({ silent: true });
    expect(
      siteProblems(sight)
        .map(({ title }) => title)
        .join('\n'),
    ).not.toMatch(/etcd|witness/);
  });

  it('says no renewals of a holder that is silent, since the peer counts from its own start', () => {
    const sight = withEtcd((site) => (site.clusters[0]!.members[0]!.link = lostFor(5_000)));
    expect(sight.store.snapshot?.leases[0]).toMatchObject({ holder: 'ig-north', renewedMs: null });
  });
});
