import { describe, expect, it } from 'vitest';
import { failoverSight } from '../../../shared/fleet/automatic-failover.ts';
import { leaseCourse } from '../../../shared/fleet/lease-course.ts';
import { leaseHolder, leaseLeft, storeSeesRenewals } from '../../../shared/fleet/lease-sight.ts';
import { matrixRows, storeRow } from '../../../shared/fleet/matrix.ts';
import { observerRows, observersDisagree } from '../../../shared/fleet/observers.ts';
import { operationSummary, operationTitle } from '../../../shared/fleet/operation-summary.ts';
import { recoveryBasis, recoveryEstimate } from '../../../shared/fleet/recovery.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf, lostFor } from '../../screens/site-fixture.ts';
import { clusterSight, sightOf } from './sight-of-fixture.ts';

describe('servers × clusters', () => {
  it('shows crossed roles, one row per server', () => {
    const rows = matrixRows(sightOf(fixtures.healthy()));
    expect(rows.map((row) => [row.name, ...row.cells.map((cell) => cell.member?.role.word)])).toEqual([
      ['ig-north', 'Active', 'Passive'],
      ['ig-south', 'Passive', 'Active'],
    ]);
    expect(rows[0]!.cells.map((cell) => cell.detail)).toEqual(['epoch 47, 18.4/s', 'ready, 6.9 s to start']);
  });

  it('says of a silent server when it was last heard, and nothing else', () => {
    const [north] = matrixRows(sightOf(fixtures.split()));
    expect(north).toMatchObject({ silent: true, ageMs: 9_300 });
    expect(north!.cells[0]!.detail).toBe('last heard 9.3 s ago');
  });

  it('says whether the lease store answers and which leases live', () => {
    expect(storeRow(sightOf(fixtures.healthy())).sentence).toBe(
      'Lease store answers in 4 ms, both leases live',
    );
    expect(storeRow(sightOf(fixtures['no-active']())).sentence).toContain('1 of 2 leases live');
  });
});

describe('automatic failover', () => {
  it('is on, then counts down while the Active is silent to its peer', () => {
    expect(failoverSight(clusterSight(fixtures.healthy(), 'WK1')).word).toBe('on');
    expect(failoverSight(clusterSight(fixtures.split(), 'WK1')).word).toBe('waiting 6.0 s');
    expect(failoverSight(clusterSight(fixtures.split(), 'WK1', 1_500)).word).toBe('waiting 4.5 s');
  });

  it('is not known when no member answers', () => {
    expect(failoverSight(clusterSight(fixtures.healthy(), 'WK1', 60_000)).word).toBe('not known');
  });

  it('shows the least able member', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK1').members[1]!.snapshot!.automaticFailover = {
      state: 'maintenance',
      reason: 'patching',
      untilMs: 4_320_300,
    };
    expect(failoverSight(clusterSight(snapshot, 'WK1')).word).toBe('maintenance 1 h 12 min');
  });
});

describe('who says what', () => {
  it('is worth its place only when somebody is silent or they disagree', () => {
    expect(observersDisagree(clusterSight(fixtures.healthy(), 'WK1'))).toBe(false);
    for (const name of ['split', 'conflict', 'lost-link'] as const) {
      expect(observersDisagree(clusterSight(fixtures[name](), 'WK1'))).toBe(true);
    }
  });

  it('marks the row of the silent member and what others do not know', () => {
    const [north, south, witness] = observerRows(clusterSight(fixtures.split(), 'WK1'));
    expect(north!.members[0]).toEqual({ text: 'Active, engine running', tone: 'silent' });
    expect(south!.members[0]).toEqual({ text: 'no answer for 9.3 s', tone: 'unknown' });
    expect(witness!.lease.text).toBe('ig-north, epoch 47, 6.0 s left');
  });
});

describe('lease', () => {
  it('of a silent holder is computed from the renewal that the store saw', () => {
    const sight = clusterSight(fixtures.split(), 'WK1');
    const holder = leaseHolder(sight)!;
    expect(holder.server).toBe('ig-north');
    expect(leaseLeft(sight, holder)).toBe(15_000 - 9_400);
    expect(leaseLeft(sight, sight.members[1]!)).toBeNull();
  });

  it('runs its course: own stop, guards, free, Active again', () => {
    const course = leaseCourse(timingPresets.normal, 9_400, 6_900);
    expect(course.marks.map((mark) => mark.atMs)).toEqual([8_600, 14_100, 15_400, 22_300]);
    expect(course.stretches.map((stretch) => stretch.kind)).toEqual([
      'holds',
      'stopping',
      'settled',
      'takes-over',
    ]);
  });
});

describe('recovery after a crash', () => {
  it('is the run-out of the lease plus what was measured on the other server', () => {
    const sight = clusterSight(fixtures.healthy(), 'WK1');
    const estimate = recoveryEstimate(sight, sight.members[0])!;
    expect(estimate.leaseMs).toEqual({ best: 13_400, worst: 15_400 });
    expect(estimate.typicalMs).toBe(14_400 + 11 + 6_900);
  });

  it('leaves out what was not measured, and says so', () => {
    const snapshot = fixtures.healthy();
    for (const member of clusterOf(snapshot, 'WK1').members) member.snapshot!.engine.lastStartMs = null;
    const sight = clusterSight(snapshot, 'WK1');
    const estimate = recoveryEstimate(sight, sight.members[0])!;
    expect(estimate).toMatchObject({ engineStart: null, worstMs: 15_411 });
    expect(recoveryBasis(estimate)).toBe(
      'lease by rule, storage measured on ig-south, start not measured, on top',
    );
  });

  it('calls a start assumed that was seen on the other server only', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK1').members[1]!.snapshot!.engine.lastStartMs = null;
    const sight = clusterSight(snapshot, 'WK1');
    expect(recoveryBasis(recoveryEstimate(sight, sight.members[0])!)).toBe(
      'lease by rule, storage measured on ig-south, start assumed as on ig-north',
    );
    expect(matrixRows(sightOf(snapshot))[1]!.cells[0]!.detail).toBe('ready, start not measured here');
  });
});

describe('renewals as the store sees them', () => {
  it('are judged by the age in its report, not by the age of the report', () => {
    const fast = fixtures.healthy();
    for (const member of clusterOf(fast, 'WK1').members) member.snapshot!.timing = timingPresets.fast;
    const lease = fast.site!.witness!.snapshot!.leases[0]!;
    lease.renewedMs = 400;
    const sight = clusterSight(fast, 'WK1', 900);
    expect(storeSeesRenewals(sight, sight.members[0]!)).toBe(true);
    lease.renewedMs = 1_100;
    const late = clusterSight(fast, 'WK1');
    expect(storeSeesRenewals(late, late.members[0]!)).toBe(false);
  });

  it('are not seen by a store that is silent', () => {
    const sight = clusterSight(fixtures.healthy(), 'WK1', 60_000);
    expect(storeSeesRenewals(sight, sight.members[0]!)).toBe(false);
  });
});

describe('operation', () => {
  it('counts the time without an Active on while a step runs', () => {
    const record = clusterOf(fixtures.running(), 'WK1').operations[0]!;
    const now = operationSummary(record, 0);
    expect(now.running?.id).toBe('start-engine');
    expect(operationSummary(record, 1_000).withoutActiveMs - now.withoutActiveMs).toBe(1_000);
  });

  it('stands still once it has ended', () => {
    const record = clusterOf(fixtures.done(), 'WK1').operations[0]!;
    expect(operationSummary(record, 5_000)).toEqual(operationSummary(record, 0));
    expect(operationSummary(record, 0).withoutActiveMs).toBe(
      2_900 + 40 + 30 + 40 + 110 + 290 + 30 + 6_300 + 700 + 150,
    );
  });

  it('is never called failed when its outcome is unknown', () => {
    const record = clusterOf(fixtures.unknown(), 'WK1').operations[0]!;
    expect(operationTitle(record, 'WK1', 'ig-south')).not.toMatch(/fail|finish/i);
  });
});

describe('a link that was never heard', () => {
  it('makes everything behind it unknown', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK1').members[0]!.link = lostFor(null);
    clusterOf(snapshot, 'WK1').members[0]!.snapshot = null;
    const sight = clusterSight(snapshot, 'WK1');
    expect(sight.members[0]!.role).toMatchObject({ kind: 'unknown', word: 'Unknown', why: 'never heard' });
  });
});
