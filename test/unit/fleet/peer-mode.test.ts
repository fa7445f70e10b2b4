import { describe, expect, it } from 'vitest';
import { failoverSight } from '../../../shared/fleet/automatic-failover.ts';
import { clusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { clusterFindings } from '../../../shared/fleet/findings.ts';
import { leaseLeft } from '../../../shared/fleet/lease-sight.ts';
import { observerRows } from '../../../shared/fleet/observers.ts';
import { peerModeSight } from '../../../shared/fleet/peer-mode.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { clusterSight } from './sight-of-fixture.ts';

const sightOf = (name: keyof typeof fixtures) => clusterSight(fixtures[name](), 'WK1');

describe('a cluster in peer mode', () => {
  it('says that its Active goes on, on whose promise, and that automatic failover is off', () => {
    const sight = sightOf('peer-mode');
    const sentence =
      'The lease store is lost. ig-north keeps running on the promise of ig-south; automatic failover is off until the store is back.';
    expect(peerModeSight(sight)?.sentence).toBe(sentence);
    expect(clusterVerdict(sight)).toMatchObject({
      kind: 'cannot',
      sentence: 'WK1 runs on without the lease store and cannot fail over',
      detail: sentence,
      recovery: null,
    });
    expect(failoverSight(sight)).toMatchObject({ state: 'peer-mode', word: 'peer mode' });
  });

  it('is one problem with its next step', () => {
    const findings = clusterFindings(sightOf('peer-mode'));
    expect(findings.map(({ title }) => title)).toEqual(['WK1: automatic failover is off in peer mode']);
    expect(findings[0]?.text).toContain('Bring ig-witness back');
  });

  it('has no lease that could run out', () => {
    const sight = sightOf('peer-mode');
    expect(sight.members.map((member) => leaseLeft(sight, member))).toEqual([null, null]);
    const rows = observerRows(sight);
    expect(rows[0]?.lease.text).toBe('none, promise of ig-south, epoch 47');
    expect(rows[1]?.lease.text).toBe('promised ig-north to take none, epoch 47');
  });

  it('says that the Active is alone when its peer is lost too', () => {
    expect(peerModeSight(sightOf('peer-mode-alone'))).toMatchObject({
      sentence: expect.stringContaining('ig-north goes on alone') as string,
      next: 'Bring ig-witness or ig-south back.',
    });
  });

  it('does not say that anything runs out while the Active is not heard, nor that it is down', () => {
    const sight = sightOf('peer-mode-unheard');
    const verdict = clusterVerdict(sight);
    expect(verdict.kind).toBe('no-answer');
    expect(verdict.detail).toContain('so whether it is Active is not known');
    expect(verdict.detail).not.toMatch(/run out|down|failed/);
    expect(failoverSight(sight).state).toBe('peer-mode');
  });

  it('says that the store is back while the lease is not', () => {
    const snapshot = fixtures['peer-mode']();
    const north = clusterOf(snapshot, 'WK1').members[0]!.snapshot!;
    north.store = { ...north.store, reachable: true, answeredMs: 300 };
    const sight = peerModeSight(clusterSight(snapshot, 'WK1'));
    expect(sight?.sentence).toMatch(/^The lease store answers again\. ig-north still runs on the promise/);
    expect(sight?.next).toMatch(/^Nothing to do/);
  });

  it('is over once nobody says so any more', () => {
    expect(peerModeSight(sightOf('healthy'))).toBeNull();
    const snapshot = fixtures['peer-mode-unheard']();
    clusterOf(snapshot, 'WK1').members[1]!.link = {
      state: 'lost',
      sinceMs: 9_000,
      heardMs: 9_000,
      error: null,
    };
    expect(peerModeSight(clusterSight(snapshot, 'WK1'))).toBeNull();
  });
});
