import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemberLoop } from '../../../agent/member/member-loop.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import { fakeMember, type FakeMember } from './fake-parts.ts';

/** Goal: no exception ends the deciding, or hides that it has ended. Method: parts that throw, fake timers. */
let member: FakeMember;
let loop: MemberLoop;
let onTurn: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  member = fakeMember();
  onTurn = () => undefined;
  loop = new MemberLoop(member.parts, () => onTurn());
});
afterEach(() => {
  loop.close();
  vi.useRealTimers();
});

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) {
    member.nowMs += 100;
    await vi.advanceTimersByTimeAsync(100);
  }
};
const count = (what: string) => member.done.filter((done) => done === what).length;
const free = { holder: 'south', freeInMs: 0, freeForMs: 5_000 };

describe('the regular turn', () => {
  const becomeCalm = async () => {
    loop.close();
    member = fakeMember(timingPresets.lan);
    member.lease = { holder: 'south', freeInMs: 4_000, storeReachable: true };
    loop = new MemberLoop(member.parts, () => onTurn());
    await turns(10);
  };
  const turnsWithin = async (seconds: number) => {
    const before = count('loop turned');
    await turns(10 * seconds);
    return count('loop turned') - before;
  };

  it('comes once a second while all is calm, and five times as soon as somebody is not heard or a guard is doubted', async () => {
    await becomeCalm();
    const { rule } = loop.decision();
    expect(rule.verdict).toBe('wait');
    expect(await turnsWithin(4)).toBe(4);
    const { guards } = member.parts;
    guards.doubted = () => true;
    await turns(10);
    expect(await turnsWithin(4)).toBe(20);
    guards.doubted = () => false;
    member.peer = null;
    await turns(10);
    expect(await turnsWithin(4)).toBe(20);
  });

  it('takes what comes with one beat together while all is calm, and nothing else', async () => {
    await becomeCalm();
    const turnsOf = async (act: () => void) => {
      const before = count('loop turned');
      act();
      await vi.advanceTimersByTimeAsync(1);
      return count('loop turned') - before;
    };
    expect(await turnsOf(() => loop.poke('routine'))).toBe(0);
    expect(await turnsOf(() => loop.poke())).toBe(1);
    await turns(1);
    expect(await turnsOf(() => loop.poke('routine'))).toBe(0);
    const before = count('loop turned');
    loop.poke('routine');
    await turns(1);
    expect(count('loop turned') - before).toBe(1);
    member.parts.guards.doubted = () => true;
    expect(await turnsOf(() => loop.poke('routine'))).toBe(1);
  });
});

describe('a turn of the loop that breaks', () => {
  it('is told once, does not count as a turn, and the next one decides again', async () => {
    await turns(1);
    const before = count('loop turned');
    const { facts } = member.parts.keeper;
    member.parts.keeper.facts = () => {
      throw new Error('out of memory');
    };
    await turns(5);
    expect(count('loop turned')).toBe(before);
    expect(member.told.filter((line) => line.includes('out of memory'))).toHaveLength(1);
    member.parts.keeper.facts = facts;
    member.lease = free;
    await turns(1);
    expect(count('acquire')).toBeGreaterThan(0);
    expect(count('loop turned')).toBeGreaterThan(before);
  });

  it('keeps the lease when only the telling is broken', async () => {
    onTurn = () => {
      throw new Error('no console listens');
    };
    member.lease = free;
    await turns(3);
    expect(count('loop turned')).toBeGreaterThan(0);
    expect(member.told.join()).toContain('no console listens');
  });
});

describe('a step that breaks', () => {
  it('before its executor is the failure of the step, and is tried again after a pause', async () => {
    member.breaks.add('begin acquire');
    member.lease = free;
    await turns(2);
    expect(member.parts.runtime.runningStep).toBeNull();
    expect(member.parts.runtime.failures.get('acquire')).toMatchObject({ count: 1 });
    member.breaks.clear();
    await turns(2);
    expect(count('acquire')).toBe(0);
    await turns(6);
    expect(count('acquire')).toBeGreaterThan(0);
  });

  it('after its executor is told, and the loop goes on', async () => {
    member.breaks.add('beat');
    member.lease = free;
    await turns(2);
    expect(member.told.join()).toContain('beat is broken');
    expect(member.parts.runtime.runningStep).toBeNull();
  });
});

describe('an emergency stop', () => {
  it('is waited for: no step begins meanwhile, the first one begins after it', async () => {
    member.parts.runtime.emergency = { how: 'stop' };
    member.looks = ['running'];
    await turns(3);
    expect(loop.decision().rule.ruleId).toBe('R00');
    expect(count('kill')).toBe(0);
    member.parts.runtime.emergency = null;
    await turns(1);
    expect(count('kill')).toBeGreaterThan(0);
  });
});

describe('the durable state', () => {
  it('of a Passive is proven writable now and then, without being asked to take over', async () => {
    await turns(250);
    expect(count('write {}')).toBe(3);
  });

  it('of an Active is not written without need', async () => {
    member.looks = ['running'];
    member.lease = { held: true, holder: 'north', leftMs: 3_000 };
    await turns(250);
    expect(count('write {}')).toBeLessThanOrEqual(1);
  });

  it('that cannot be written is tried again once a second, and told once', async () => {
    member.unwritable = 'ENOSPC';
    member.breaks.add('write {}');
    await turns(50);
    expect(member.told.filter((line) => line.includes('write {} is broken'))).toHaveLength(1);
    member.breaks.clear();
    await turns(20);
    expect(count('write {}')).toBeGreaterThan(0);
  });
});

describe('a lease that becomes free', () => {
  it('is asked for at that moment, not at the next regular turn', async () => {
    await turns(1);
    member.lease = { ...free, freeInMs: 30 };
    await turns(1);
    const before = count('loop turned');
    member.lease = free;
    member.nowMs += 31;
    await vi.advanceTimersByTimeAsync(31);
    expect(count('loop turned')).toBeGreaterThan(before);
    expect(count('acquire')).toBeGreaterThan(0);
  });
});
