import { describe, expect, it } from 'vitest';
import {
  activeOf,
  isBegun,
  isMoved,
  isPastRetirement,
  promiseLack,
  restartLack,
  storeWorks,
} from '../../../../electron/host/move-store/member-standing.ts';
import type { MemberSnapshot } from '../../../../shared/agent-api/member-snapshot.ts';
import type { AskedMember } from '../../../../shared/upgrade/member-health.ts';
import { sampleMember } from '../samples.ts';

/** Goal: what a move goes on by is told by both members. Method: snapshots as they tell them. */
const places = new Map([
  ['north', 'the witness on nas'],
  ['south', 'the witness on nas'],
]);
const mode = (change: Partial<NonNullable<MemberSnapshot['peerMode']>>) => ({
  peerMode: { mode: 'lease' as const, livesOn: null, given: null, failoverOff: null, ...change },
});

function member(role: 'active' | 'passive', changes: Partial<MemberSnapshot> = {}): AskedMember {
  const server = role === 'active' ? 'north' : 'south';
  const snapshot = sampleMember({ cluster: 'WK1', server, role }, changes);
  return { server, name: server, snapshot };
}

function at(role: 'active' | 'passive', place: string, storeId: string, standing = 'working'): AskedMember {
  const { snapshot } = member(role);
  const store = { ...snapshot!.store, place, storeId };
  return member(role, { store, replacement: { standing: standing as 'working', blockers: [] } });
}

describe('a cluster on its way to the next store', () => {
  it('is there when both look to it, belong to one store, and that works for both', () => {
    const [north, south] = [
      at('active', 'the witness on nas', 's2'),
      at('passive', 'the witness on nas', 's2'),
    ];
    expect(isMoved([north, south], places)).toBe(true);
    expect(isMoved([north, at('passive', 'the witness on wit', 's2')], places)).toBe(false);
    expect(isMoved([north, at('passive', 'the witness on nas', 's1')], places)).toBe(false);
    expect(isMoved([north, at('passive', 'the witness on nas', 's2', 'unseeded')], places)).toBe(false);
    expect(isMoved([north, { ...south, snapshot: null }], places)).toBe(false);
  });

  it('still uses the store of now as long as that works for one of them', () => {
    const lost = at('active', 'p', 's1', 'silent');
    expect(storeWorks([lost, at('passive', 'p', 's1', 'silent')])).toBe(false);
    expect(storeWorks([lost, at('passive', 'p', 's1')])).toBe(true);
  });

  it('retires nothing more where the Active looks to the next store, whatever the Passive was led back to', () => {
    const ledBack = at('passive', 'the witness on wit', 's1', 'silent');
    const apart = [at('active', 'the witness on nas', 's2'), ledBack];
    expect(isBegun(apart, places)).toBe(true);
    expect(isPastRetirement(apart, places)).toBe(true);
    const before = [at('active', 'the witness on wit', 's1'), at('passive', 'the witness on wit', 's1')];
    expect(isBegun(before, places)).toBe(false);
    expect(isPastRetirement(before, places)).toBe(false);
  });

  it('may go on when the Active lives on a promise that its peer knows of', () => {
    const promised = member('passive', mode({ given: { period: { e: 1, n: 1 }, sinceMs: 1 } }));
    expect(promiseLack([member('active', mode({ mode: 'peer' })), promised])).toBeNull();
    expect(promiseLack([member('active', mode({})), promised])).toContain('does not live on a promise');
    expect(promiseLack([member('active', mode({ mode: 'peer' })), member('passive', mode({}))])).toContain(
      'its peer',
    );
    expect(promiseLack([promised])).toBe('it has no Active');
    expect(activeOf([member('active'), member('active')])).toBeUndefined();
  });
});

describe('an agent that was restarted to look to the next store', () => {
  const before = member('active').snapshot!;
  const now = (changes: Partial<MemberSnapshot>): MemberSnapshot => ({
    ...before,
    startId: 'start-2',
    store: { ...before.store, place: 'the witness on nas' },
    ...changes,
  });
  const lack = (changes: Partial<MemberSnapshot>) => restartLack(before, now(changes), 'the witness on nas');

  it('is as before when role, engine, answer and peer are', () => {
    expect(lack({})).toBeNull();
  });

  it('is not, and says why', () => {
    expect(restartLack(before, null, 'p')).toContain('not answered');
    expect(lack({ startId: before.startId })).toContain('not answered');
    expect(lack({ store: { ...before.store, place: 'the witness on wit' } })).toContain('the witness on wit');
    expect(lack({ role: { ...before.role, observed: 'passive' } })).toBe('it is passive');
    const process = { ...before.engine.process, value: 'stopped' as const };
    expect(lack({ engine: { ...before.engine, process } })).toContain('its engine is stopped');
    expect(lack({ activeAnswer: '503' })).toContain('503');
    expect(lack({ peer: { ...before.peer, reachable: false } })).toContain('does not hear');
  });
});
