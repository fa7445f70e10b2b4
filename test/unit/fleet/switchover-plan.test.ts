import { describe, expect, it } from 'vitest';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import type { Asker } from '../../../shared/fleet/asker.ts';
import { planSwitchover, switchoverRefusal } from '../../../shared/fleet/switchover-plan.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { usualFixture } from '../../screens/usual-fixture.ts';
import { clusterSight } from './sight-of-fixture.ts';

const admin: Asker = { role: 'admin', connected: true };

function planOf(snapshot: ConsoleSnapshot, target = 'ig-south', asker = admin) {
  const sight = clusterSight(snapshot, 'WK1');
  return planSwitchover(
    sight,
    sight.members.find((member) => member.server === target)!,
    asker,
  );
}

describe('plan of a switchover', () => {
  it('has no refusal on a healthy cluster and carries the epoch that was seen', () => {
    const plan = planOf(fixtures.healthy());
    expect(plan.refusals).toEqual([]);
    expect(plan.epoch).toBe(47);
    expect(switchoverRefusal(plan)).toBeNull();
  });

  it('sums measured steps without an Active and adds one renewal period at worst', () => {
    const { withoutActive } = planOf(fixtures.healthy());
    expect(withoutActive.bestMs).toBeCloseTo(2_900 + 3 + 4 + 11 + 6_900);
    expect(withoutActive.worstMs - withoutActive.bestMs).toBe(2_000);
    expect(withoutActive.complete).toBe(true);
  });

  it('expects what this cluster’s earlier moves took, however long ago, before what was measured last', () => {
    const sight = { ...clusterSight(fixtures.healthy(), 'WK1'), usual: usualFixture() };
    const { steps, withoutActive } = planSwitchover(sight, sight.members[1]!, admin);
    expect(steps.find(({ kind }) => kind === 'drain')).toMatchObject({ expectedMs: 2_300, assumed: false });
    expect(steps.find(({ kind }) => kind === 'start-engine')?.usual).toMatchObject({ count: 4 });
    expect(withoutActive).toMatchObject({ bestMs: 9_810, complete: true, history: { count: 4 } });
    expect(withoutActive.worstMs).toBeGreaterThanOrEqual(13_080);
    const elsewhere = sight.usual.planned.steps.map((one) => ({ ...one, server: 'ig-north' }));
    const lent = { ...sight, usual: { ...sight.usual, planned: { steps: elsewhere, withoutActive: [] } } };
    const { steps: assumed, withoutActive: sum } = planSwitchover(lent, lent.members[1]!, admin);
    expect(assumed.find(({ kind }) => kind === 'open-active')).toMatchObject({
      assumed: true,
      expectedMs: 150,
    });
    expect(sum.history).toBeNull();
  });

  it('says that the sum is incomplete when the start was never measured', () => {
    const snapshot = fixtures.healthy();
    for (const member of clusterOf(snapshot, 'WK1').members) member.snapshot!.engine.lastStartMs = null;
    expect(planOf(snapshot).withoutActive.complete).toBe(false);
  });

  it('takes a start that was never seen on the target from the Active', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK1').members[1]!.snapshot!.engine.lastStartMs = null;
    expect(planOf(snapshot).withoutActive).toMatchObject({
      complete: true,
      bestMs: 2_900 + 3 + 4 + 11 + 6_900,
    });
  });

  it('refuses the Active itself as target, a viewer, and a lost host', () => {
    expect(planOf(fixtures.healthy(), 'ig-north').refusals[0]!.reason).toBe('ig-north is Active already.');
    expect(
      planOf(fixtures.healthy(), 'ig-south', { role: 'viewer', connected: true }).refusals[0]!.code,
    ).toBe('command.forbidden');
    expect(
      planOf(fixtures.healthy(), 'ig-south', { role: 'admin', connected: false }).refusals[0]!.code,
    ).toBe('console.disconnected');
  });

  it('refuses while one runs, while the Active is silent, and towards a silent target', () => {
    expect(planOf(fixtures.running()).refusals.map(({ code }) => code)).toContain('operation.running');
    expect(planOf(fixtures.split()).refusals.map(({ code }) => code)).toContain('no-active');
    const wk2 = clusterSight(fixtures.split(), 'WK2');
    expect(planSwitchover(wk2, wk2.members[1]!, admin).refusals.map(({ code }) => code)).toEqual([
      'target.silent',
    ]);
  });

  it('says a blocker of the target once, although the Active repeats it', () => {
    const snapshot = fixtures.healthy();
    const [active, passive] = clusterOf(snapshot, 'WK1').members;
    passive!.snapshot!.blockers = [
      { code: 'guards', reason: '1 of 2 guards beat.', remedy: 'Start the guards.' },
    ];
    active!.snapshot!.blockers = [
      { code: 'peer-guards', reason: 'ig-south: 1 of 2 guards beat.', remedy: 'Start the guards.' },
    ];
    expect(planOf(snapshot).refusals.map(({ reason }) => reason)).toEqual(['ig-south: 1 of 2 guards beat.']);
  });
});
