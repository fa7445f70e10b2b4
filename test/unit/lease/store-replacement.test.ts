import { describe, expect, it } from 'vitest';
import {
  judgePin,
  planLoneReplacement,
  planReplacement,
  storageAhead,
  type StoreStanding,
} from '../../../shared/lease/store-replacement.ts';

/** Goal: a lost store is replaced by one that knows enough, and a working one never. */
describe('the plan of a replacement', () => {
  it.each<[StoreStanding, ReturnType<typeof planReplacement>]>([
    [{ kind: 'unseeded' }, { kind: 'seed' }],
    [{ kind: 'behind', epoch: 6 }, { kind: 'seed' }],
    [{ kind: 'other', storeId: 'b', epoch: 6 }, { kind: 'seed' }],
    [
      { kind: 'other', storeId: 'b', epoch: 7 },
      { kind: 'join', storeId: 'b' },
    ],
    [
      { kind: 'working', storeId: 'a', epoch: 7 },
      { kind: 'join', storeId: 'a' },
    ],
    [{ kind: 'working', storeId: 'a', epoch: 6 }, { kind: 'seed' }],
    [{ kind: 'silent' }, { kind: 'refuse', why: 'silent' }],
  ])('with a store that is %j is %j', (standing, plan) => {
    expect(planReplacement(standing, 7, 7)).toEqual(plan);
  });

  it('does not count an epoch that a person has raised against a store that works, but against another one', () => {
    const epoch = 7;
    expect(planReplacement({ kind: 'working', storeId: 'a', epoch }, 1_001, 7)).toMatchObject({
      kind: 'join',
    });
    expect(planReplacement({ kind: 'other', storeId: 'b', epoch }, 1_001, 7)).toEqual({ kind: 'seed' });
  });
});

describe('the plan of a replacement with one member gone', () => {
  it('makes a new record whatever another store knows, and none beside a store that works', () => {
    for (const standing of [
      { kind: 'unseeded' },
      { kind: 'behind', epoch: 6 },
      { kind: 'other', storeId: 'b', epoch: 99 },
    ] as const)
      expect(planLoneReplacement(standing)).toEqual({ kind: 'seed' });
    expect(planLoneReplacement({ kind: 'working', storeId: 'a', epoch: 7 })).toEqual({
      kind: 'nothing',
      storeId: 'a',
    });
    expect(planLoneReplacement({ kind: 'silent' })).toMatchObject({ kind: 'refuse' });
  });
});

describe('a member whose peer asks it to belong to another store', () => {
  const member = {
    pinned: 'a',
    standing: { kind: 'silent' },
    leaseInUse: false,
    epoch: 5,
    peerEpoch: 0,
  } as const;
  const working = { ...member, standing: { kind: 'working', storeId: 'a', epoch: 5 } } as const;

  it('does so while its own store is silent, empty, another one or behind', () => {
    for (const kind of ['silent', 'unseeded'] as const)
      expect(judgePin({ ...member, standing: { kind } }, 'b')).toBeNull();
    expect(judgePin({ ...member, standing: { kind: 'behind', epoch: 1 } }, 'b')).toBeNull();
    expect(judgePin({ ...member, standing: { kind: 'other', storeId: 'b', epoch: 9 } }, 'b')).toBeNull();
  });

  it('does not while its own store works, unless it is that very one', () => {
    expect(judgePin(working, 'b')).toBe('works');
    expect(judgePin({ ...working, peerEpoch: 5 }, 'b')).toBe('works');
    expect(judgePin({ ...working, leaseInUse: true }, 'a')).toBeNull();
  });

  it('does not for an epoch that a person has had it raise itself: the store will be told of that', () => {
    expect(judgePin({ ...working, epoch: 1_001, peerEpoch: 1_001 }, 'b')).toBe('works');
    expect(judgePin({ ...working, epoch: 1_001, peerEpoch: 2_002 }, 'b')).toBeNull();
  });

  it('does while that store knows a lower epoch than its peer, and it uses no lease of it', () => {
    expect(judgePin({ ...working, peerEpoch: 6 }, 'b')).toBeNull();
    expect(judgePin({ ...working, peerEpoch: 6, leaseInUse: true }, 'b')).toBe('works');
  });

  it('does not while a lease of the old store is in use', () => {
    expect(judgePin({ ...member, leaseInUse: true }, 'b')).toBe('lease');
  });

  it('goes by what answers it where its state is damaged, so that it belongs to no store', () => {
    const damaged = { ...working, pinned: null, epoch: 0 };
    expect(judgePin(damaged, 'a')).toBeNull();
    expect(judgePin(damaged, 'b')).toBe('works');
    expect(judgePin({ ...damaged, peerEpoch: 6 }, 'b')).toBeNull();
    expect(judgePin({ ...damaged, standing: { kind: 'unseeded' } }, 'b')).toBeNull();
  });
});

describe('an epoch on the storage', () => {
  const carried = { generation: 1_001, sinceMs: 5_000 };

  it('is ahead of a store that was asked since and knows a lower one', () => {
    expect(storageAhead(carried, { epoch: 2, sentMs: 5_000 }, 2)).toBe(1_001);
    expect(storageAhead(carried, { epoch: 1_001, sentMs: 6_000 }, 2)).toBeNull();
  });

  it('is not while the store may have granted it since its last answer was asked for, or has not answered', () => {
    expect(storageAhead(carried, { epoch: 2, sentMs: 4_999 }, 2)).toBeNull();
    expect(storageAhead(carried, null, 2)).toBeNull();
    expect(storageAhead(null, { epoch: 2, sentMs: 6_000 }, 2)).toBeNull();
  });

  it('is not on the member that was forced to raise it, and still knows of that', () => {
    expect(storageAhead(carried, { epoch: 2, sentMs: 6_000 }, 1_001)).toBeNull();
    expect(storageAhead({ ...carried, generation: 2_002 }, { epoch: 2, sentMs: 6_000 }, 1_001)).toBe(2_002);
  });
});
