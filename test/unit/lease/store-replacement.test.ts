import { describe, expect, it } from 'vitest';
import {
  judgePin,
  planLoneReplacement,
  planReplacement,
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
      { kind: 'working', storeId: 'a' },
      { kind: 'join', storeId: 'a' },
    ],
    [{ kind: 'silent' }, { kind: 'refuse', why: 'silent' }],
  ])('with a store that is %j is %j', (standing, plan) => {
    expect(planReplacement(standing, 7)).toEqual(plan);
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
    expect(planLoneReplacement({ kind: 'working', storeId: 'a' })).toEqual({ kind: 'nothing', storeId: 'a' });
    expect(planLoneReplacement({ kind: 'silent' })).toMatchObject({ kind: 'refuse' });
  });
});

describe('a member whose peer asks it to belong to another store', () => {
  const member = { pinned: 'a', standing: { kind: 'silent' }, leaseInUse: false, damaged: false } as const;

  it('does so while its own store is silent, empty, another one or behind', () => {
    for (const kind of ['silent', 'unseeded'] as const)
      expect(judgePin({ ...member, standing: { kind } }, 'b')).toBeNull();
    expect(judgePin({ ...member, standing: { kind: 'behind', epoch: 1 } }, 'b')).toBeNull();
    expect(judgePin({ ...member, standing: { kind: 'other', storeId: 'b', epoch: 9 } }, 'b')).toBeNull();
  });

  it('does not while its own store works, unless it is that very one', () => {
    const working = { ...member, standing: { kind: 'working', storeId: 'a' } } as const;
    expect(judgePin(working, 'b')).toBe('works');
    expect(judgePin({ ...working, leaseInUse: true }, 'a')).toBeNull();
  });

  it('does not while a lease of the old store is in use, nor with a state that is damaged', () => {
    expect(judgePin({ ...member, leaseInUse: true }, 'b')).toBe('lease');
    expect(judgePin({ ...member, damaged: true }, 'a')).toBe('damaged');
  });
});
