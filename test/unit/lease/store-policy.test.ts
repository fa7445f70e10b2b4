import { expect, test } from 'vitest';
import {
  changePolicy,
  flapWindowMs,
  freshPolicy,
  longestMaintenanceMs,
  policyAfterGrant,
  policyRefusal,
  policyToWrite,
  policyView,
  restorePolicy,
  type PolicyState,
} from '../../../shared/lease/store-policy.ts';

const minute = 60_000;

/** Grants to north and south in turn, `everyMs` apart, the first one at 0. */
function granted(times: number, everyMs: number, automatic = true): PolicyState {
  let state = restorePolicy(freshPolicy, 0);
  for (let turn = 0; turn <= times; turn += 1) {
    state = policyAfterGrant(state, turn % 2 === 0 ? 'north' : 'south', automatic, turn * everyMs);
  }
  return state;
}

test('blocks automatic failover after the third one within an hour, and says why and for how long', () => {
  const state = granted(3, 10 * minute);
  expect(policyView(state, 30 * minute).block).toEqual({
    why: '3 automatic failovers within an hour',
    by: 'agents',
    leftMs: 40 * minute,
  });
  expect(policyRefusal(state, 'north', true, 31 * minute)).toBe('blocked');
});

test('counts only what moved the cluster without a person', () => {
  expect(policyView(granted(9, minute, false), 9 * minute).block).toBeNull();
  let same = restorePolicy(freshPolicy, 0);
  for (let turn = 0; turn < 9; turn += 1) same = policyAfterGrant(same, 'north', true, turn);
  expect(policyView(same, 10).block).toBeNull();
});

test('lets the last Active come back and a person move the cluster while it is blocked', () => {
  const state = granted(3, minute);
  expect(policyRefusal(state, 'south', true, 4 * minute)).toBeNull();
  expect(policyRefusal(state, 'north', false, 4 * minute)).toBeNull();
});

test('does not count failovers that are more than an hour old, and ends the block by itself', () => {
  expect(policyView(granted(3, 31 * minute), 93 * minute).block).toBeNull();
  const state = granted(3, minute);
  expect(policyRefusal(state, 'north', true, minute + flapWindowMs)).toBeNull();
});

test('counts anew once a person has allowed automatic failover again', () => {
  const blocked = granted(3, minute);
  const allowed = changePolicy(
    blocked,
    blocked.record.version,
    { kind: 'allow', by: 'admin-1' },
    4 * minute,
  )!;
  expect(policyRefusal(allowed, 'north', true, 4 * minute)).toBeNull();
  expect(policyView(policyAfterGrant(allowed, 'north', true, 5 * minute), 5 * minute).block).toBeNull();
});

test('keeps everybody from taking over in maintenance, until it ends', () => {
  const state = changePolicy(
    granted(1, minute),
    0,
    { kind: 'maintenance', by: 'admin-1', reason: 'kernel patch', lastsMs: 10 * minute },
    minute,
  )!;
  expect(policyRefusal(state, 'south', false, 2 * minute)).toBe('maintenance');
  expect(policyView(state, 2 * minute).maintenance).toEqual({
    by: 'admin-1',
    reason: 'kernel patch',
    leftMs: 9 * minute,
  });
  expect(policyRefusal(state, 'north', true, 11 * minute)).toBeNull();
  const ended = changePolicy(state, 1, { kind: 'end-maintenance', by: 'admin-2' }, 2 * minute)!;
  expect(policyRefusal(ended, 'north', true, 2 * minute)).toBeNull();
});

test('tells whether a person has begun or ended a maintenance here, also when there was none to end', () => {
  const fresh = restorePolicy(freshPolicy, 0);
  const said = (kind: 'allow' | 'end-maintenance') =>
    policyView(changePolicy(fresh, 0, { kind, by: 'admin-1' }, 0)!, 0).maintenanceSaid;
  expect([policyView(fresh, 0).maintenanceSaid, said('allow')]).toEqual([undefined, undefined]);
  expect(said('end-maintenance')).toBe(true);
  const begun = { kind: 'maintenance', by: 'admin-1', reason: '', lastsMs: minute } as const;
  const record = changePolicy(fresh, 0, begun, 0)!.record;
  expect(policyView(restorePolicy(record, 0), 2 * minute)).toMatchObject({
    maintenance: null,
    maintenanceSaid: true,
  });
});

test('lasts no shorter after a restart of the store', () => {
  const state = changePolicy(
    granted(3, minute),
    1,
    { kind: 'maintenance', by: 'admin-1', reason: '', lastsMs: 10 * minute },
    5 * minute,
  )!;
  const restored = restorePolicy(policyToWrite(state, 7 * minute), 1_000);
  expect(policyView(restored, 1_000).maintenance?.leftMs).toBe(8 * minute);
  expect(policyView(restored, 1_000).block?.leftMs).toBe(policyView(state, 7 * minute).block?.leftMs);
});

test('counts on after a restart of the store, and forgets what was an hour old when it was written', () => {
  const state = granted(2, 10 * minute);
  const restored = restorePolicy(policyToWrite(state, 20 * minute), 0);
  const third = policyAfterGrant(restored, 'south', true, 5 * minute);
  expect(policyView(third, 5 * minute).block?.leftMs).toBe(45 * minute);
  expect(restorePolicy(policyToWrite(state, 70 * minute), 0).failoversMs).toEqual([-50 * minute]);
});

test('refuses a change that was made from an older version, and a maintenance without an end', () => {
  const state = restorePolicy(freshPolicy, 0);
  expect(changePolicy(state, 7, { kind: 'allow', by: 'admin-1' }, 0)).toBeNull();
  for (const lastsMs of [0, -1, Number.NaN, longestMaintenanceMs + 1]) {
    expect(changePolicy(state, 0, { kind: 'maintenance', by: 'a', reason: '', lastsMs }, 0)).toBeNull();
  }
});
