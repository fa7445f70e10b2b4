import { describe, expect, it } from 'vitest';
import { lastChange } from '../../../shared/fleet/last-change.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { doneSwitchover } from '../../screens/operation-fixture.ts';
import { clusterSight } from './sight-of-fixture.ts';

describe('last change of a cluster', () => {
  it('is a person’s switchover with its name', () => {
    expect(lastChange(clusterSight(fixtures.done(), 'WK1'))).toMatchObject({
      kind: 'Switchover by admin-1',
      sentence: 'ig-south is Active with epoch 48.',
    });
  });

  it('is the automatic takeover that came after it', () => {
    const snapshot = fixtures.healthy();
    const failover = { ...doneSwitchover(), id: 'failover-1', kind: 'failover' as const };
    clusterOf(snapshot, 'WK1').operations = [
      { ...doneSwitchover(), startedAgoMs: 600_000 },
      { ...failover, requestedBy: 'rule R21', sentence: 'ig-north took over.', startedAgoMs: 90_000 },
    ];
    expect(lastChange(clusterSight(snapshot, 'WK1', 1_000))).toEqual({
      kind: 'Automatic takeover',
      sentence: 'ig-north took over.',
      agoMs: 91_000,
    });
  });

  it('is a first start, and no takeover, where nobody was Active before', () => {
    const snapshot = fixtures.healthy();
    const start = { ...doneSwitchover(), id: 'start-1', kind: 'failover' as const, requestedBy: 'rule R21' };
    clusterOf(snapshot, 'WK1').operations = [{ ...start, sentence: 'ig-north is Active with epoch 1.' }];
    expect(lastChange(clusterSight(snapshot, 'WK1'))?.kind).toBe('First start');
    clusterOf(snapshot, 'WK1').operations = [{ ...start, sentence: 'ig-north is Active with epoch 12.' }];
    expect(lastChange(clusterSight(snapshot, 'WK1'))?.kind).toBe('Automatic takeover');
  });

  it('is one told by a member when the console was not there to keep it', () => {
    expect(lastChange(clusterSight(fixtures['taken-over'](), 'WK1'))).toMatchObject({
      kind: 'Automatic',
      sentence: 'ig-south is Active with epoch 48.',
    });
  });

  it('is a newer start of the engine that no change explains', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK1').members[0]!.snapshot!.engine.runningMs = 30_000;
    expect(lastChange(clusterSight(snapshot, 'WK1'))).toMatchObject({
      kind: 'Engine start',
      sentence: 'The engine on ig-north was started.',
      agoMs: 30_300,
    });
  });

  it('is not the start of the engine that a change made', () => {
    const snapshot = fixtures.done();
    clusterOf(snapshot, 'WK1').members[0]!.snapshot!.engine.runningMs = 34_000;
    expect(lastChange(clusterSight(snapshot, 'WK1'))!.kind).toBe('Switchover by admin-1');
  });
});
