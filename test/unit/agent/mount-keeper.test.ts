import { beforeEach, describe, expect, it } from 'vitest';
import { MountKeeper } from '../../../agent/member/mount-keeper.ts';
import { stepExecutors } from '../../../agent/member/step-executors.ts';
import { openMountedDirectory } from '../../../agent/storage/mounted-directory.ts';
import type { MountUnit } from '../../../agent/storage/mount-unit.ts';
import type { SharedDirectory } from '../../../agent/storage/shared-directory.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import type { StepKind } from '../../../shared/failover/member-facts.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { activeFacts, passiveFacts } from '../failover/sample-facts.ts';
import { fakeMember } from './fake-parts.ts';

/**
 * Goal: the directory is mounted before it is proven, unmounted when nothing writes any more, and neither a mount nor
 * its end decides anything. Method: a unit whose answers a test says.
 */
let state: {
  mounted: boolean | null;
  trouble: string | null;
  mount: Result<string, string>;
  unmount: Result<string, string>;
  asked: string[];
  notes: string[];
  nowMs: number;
};
beforeEach(() => {
  state = {
    mounted: true,
    trouble: null,
    mount: succeed('u.mount is mounted after 3 ms'),
    unmount: succeed('u.mount is unmounted after 2 ms'),
    asked: [],
    notes: [],
    nowMs: 0,
  };
});

const unit: MountUnit = {
  name: 'u.mount',
  isMounted: () => state.mounted,
  trouble: () => Promise.resolve(state.trouble),
  mount: () => {
    state.asked.push('mount');
    if (state.mount.ok) state.mounted = true;
    return Promise.resolve(state.mount);
  },
  unmount: () => {
    state.asked.push('unmount');
    if (state.unmount.ok) state.mounted = false;
    return Promise.resolve(state.unmount);
  },
};
const open = () =>
  new MountKeeper({
    unit,
    clock: { bootMs: () => state.nowMs, wallTime: () => '' },
    note: (sentence, fine) => state.notes.push(`${fine ? 'said' : 'alarm'}: ${sentence}`),
    changed: () => state.asked.push('look'),
    lettingGo: () => state.asked.push('unproven'),
  });
const idle = () => new Promise<void>((done) => setImmediate(done));

describe('a mount that is left', () => {
  it('is ended on a Passive, told, and looked at again', async () => {
    const keeper = open();
    keeper.turn(passiveFacts());
    await idle();
    expect(state.asked).toEqual(['unproven', 'unmount', 'look']);
    expect(state.notes).toEqual(['said: u.mount is unmounted after 2 ms: this member is not Active.']);
    expect(keeper.turn(passiveFacts())).toBe(true);
    expect(keeper.facts()).toEqual({ unit: 'u.mount', mounted: false, trouble: null });
  });

  it('is never ended on the Active', async () => {
    open().turn(activeFacts());
    await idle();
    expect(state.asked).toEqual([]);
  });

  it('that cannot be ended is told once, tried again later, and forgotten when it has gone by itself', async () => {
    state.unmount = fail('u.mount is still mounted after 10.0 s: something uses it');
    const keeper = open();
    keeper.turn(passiveFacts());
    await idle();
    keeper.turn(passiveFacts());
    state.nowMs = 31_000;
    keeper.turn(passiveFacts());
    await idle();
    expect(state.asked).toEqual(['unproven', 'unmount', 'unproven', 'unmount']);
    expect(state.notes).toEqual([
      'alarm: u.mount is still mounted after 10.0 s: something uses it, although this member is not Active.',
    ]);
    expect(keeper.facts().trouble).toContain('something uses it');
    state.mounted = false;
    keeper.turn(passiveFacts());
    expect(keeper.facts().trouble).toBeNull();
  });
});

describe('the steps of a change', () => {
  const step = async (kind: StepKind) => {
    const member = fakeMember();
    const prove = () => Promise.resolve((state.asked.push('prove'), succeed({ generation: 4, tookMs: 3 })));
    Object.assign(member.parts, {
      mounts: open(),
      cutOff: { settled: () => Promise.resolve((state.asked.push('cut'), 'cut off')) },
      storage: { prove },
    });
    member.parts.runtime.provenEpoch = 5;
    return { done: await stepExecutors[kind](member.parts, { kind, epoch: 5 }), member };
  };

  it('mount the directory after the other one is cut off, and prove it after that', async () => {
    state.mounted = false;
    const { done } = await step('prove-storage');
    expect(done).toEqual(
      succeed('cut off; u.mount is mounted after 3 ms; identity seen, written and read back in 3 ms'),
    );
    expect(state.asked).toEqual(['cut', 'mount', 'prove']);
  });

  it('prove nothing that could not be mounted', async () => {
    state.mounted = false;
    state.mount = fail('u.mount could not be mounted: no route');
    expect((await step('prove-storage')).done).toEqual(fail('u.mount could not be mounted: no route'));
    expect(state.asked).toEqual(['cut', 'mount']);
  });

  it('start no engine on a folder whose mount has gone, which is mounted and proven anew', async () => {
    state.mounted = false;
    const { done, member } = await step('start-engine');
    expect(done).toEqual(fail('u.mount is not mounted any more'));
    expect(member.done).not.toContain('start');
    expect(member.done).not.toContain('arm');
    expect(member.parts.runtime.provenEpoch).toBeNull();
  });

  it('start no engine on a directory that is still being unmounted, before it is mounted anew', async () => {
    const keeper = open();
    keeper.turn(passiveFacts());
    expect(keeper.missing()).toBe('u.mount is being unmounted');
    const mounting = keeper.mount();
    expect(keeper.missing()).toBeNull();
    await mounting;
  });

  it('unmount it before the epoch ends, and end the epoch whatever became of that', async () => {
    const well = await step('end-epoch');
    expect(well.done).toEqual(succeed('u.mount is unmounted after 2 ms; epoch 5 has ended here'));
    state.mounted = true;
    state.unmount = fail('u.mount is still mounted after 3.0 s: something uses it');
    const busy = await step('end-epoch');
    expect(busy.done.ok).toBe(true);
    expect(busy.member.done).toContain('end 5');
    expect(state.notes).toEqual([
      'alarm: u.mount is still mounted after 3.0 s: something uses it; the hand-over goes on.',
    ]);
  });
});

describe('a directory that is mounted on the Active only', () => {
  const shared = {
    read: () => Promise.resolve(succeed({ generation: 9, usedPercent: 1, tookMs: 1 })),
    prove: () => Promise.resolve(fail('/srv/wk1 is not mounted')),
    raiseGeneration: () => Promise.resolve(fail('/srv/wk1 is not mounted')),
    verdict: () => ({ code: 'not-mounted', seen: 'x' }),
    getLedger: () => Promise.resolve(state.mounted === true ? succeed(undefined) : fail('nothing there')),
  } as SharedDirectory;
  const directory = () => openMountedDirectory(shared, unit, systemTimers);

  it('is fine where nothing is mounted and its unit is there, without a look into the folder below', async () => {
    state.mounted = false;
    const one = directory();
    expect(await one.read()).toMatchObject({ ok: true, value: { unmounted: true } });
    expect(one.verdict?.()).toBeNull();
    await one.prove();
    expect(one.verdict?.()).toMatchObject({ code: 'not-mounted' });
  });

  it('is unfit where its unit is not there', async () => {
    state.mounted = false;
    state.trouble = 'there is no unit u.mount';
    expect(await directory().read()).toEqual(fail('it could not be mounted: there is no unit u.mount'));
  });

  it.each([true, null])('is read as ever where mounted is %s', async (mounted) => {
    state.mounted = mounted;
    expect(await directory().read()).toMatchObject({ ok: true, value: { generation: 9 } });
  });

  it('is never proven by its being unmounted', async () => {
    state.mounted = false;
    expect((await directory().prove()).ok).toBe(false);
    expect((await directory().raiseGeneration(7)).ok).toBe(false);
  });

  it('gives the ledger of the Active before once it is mounted', async () => {
    state.mounted = false;
    const got = directory().getLedger?.('/tmp/x');
    await idle();
    state.mounted = true;
    expect(await got).toEqual(succeed(undefined));
  });
});
