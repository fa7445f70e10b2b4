import { describe, expect, it } from 'vitest';
import { stepExecutors } from '../../../agent/member/step-executors.ts';
import type { Step, StepKind } from '../../../shared/failover/member-facts.ts';
import { fail } from '../../../shared/result.ts';
import { fakeMember, type FakeMember } from './fake-parts.ts';

/** Goal: what a step does, in which order, and what is left when it breaks. Method: parts that write down what is asked. */
const run = (member: FakeMember, kind: StepKind, more: Partial<Step> = {}) =>
  stepExecutors[kind](member.parts, { kind, epoch: 5, ...more });

describe('the end of an epoch', () => {
  it('shuts the gate, proves the engine stopped, and only then is written down', async () => {
    const member = fakeMember();
    expect(await run(member, 'end-epoch')).toEqual({ ok: true, value: 'epoch 5 has ended here' });
    expect(member.done).toEqual(['disarm', 'look', 'end 5']);
  });

  it('is not written down when somebody has started the engine before the gate was shut', async () => {
    const member = fakeMember();
    member.looks = ['stopped', 'running'];
    expect(await run(member, 'end-epoch')).toEqual(fail('the engine is not proven stopped'));
    expect(member.done).toEqual(['disarm', 'look']);
  });

  it('that cannot be written down lets the lease run out, so that the peer can take over', async () => {
    const member = fakeMember();
    member.breaks.add('end 5');
    expect((await run(member, 'end-epoch')).ok).toBe(false);
    expect(member.done).toEqual(['disarm', 'look', 'abandon']);
  });

  it('keeps a member that stands back from acquiring for T, and no other', async () => {
    const member = fakeMember();
    const { runtime, config } = member.parts;
    await run(member, 'end-epoch');
    expect(runtime).toMatchObject({ acquireNotBeforeMs: member.nowMs, standsBack: false });
    await run(member, 'end-epoch', { standsBack: true });
    expect(runtime.standsBack).toBe(true);
    expect(runtime.acquireNotBeforeMs).toBe(member.nowMs + config.timing.T * 1000);
  });
});

describe('steps on a broken disk', () => {
  it('asks for no lease that could not be written down', async () => {
    const member = fakeMember();
    member.breaks.add('write {"tookOver":"by-rule"}');
    expect(await run(member, 'acquire')).toMatchObject({ ok: false });
    expect(member.done).toEqual([]);
  });

  it('takes over by force only under an epoch that is written down', async () => {
    const asked = { kind: 'force-takeover', requestedBy: 'a person', reason: 'lost', statement: 'power-off' };
    for (const [alone, write] of [
      [true, 'raise 5 to 2000'],
      [false, 'write {"tookOver":"asked"}'],
    ] as const) {
      const member = fakeMember();
      Object.assign(member.parts.changes, { own: () => asked });
      member.breaks.add(write);
      const outcome = await run(member, 'force', { alone });
      expect(outcome).toMatchObject({
        ok: false,
        error: expect.stringContaining('cannot be written') as string,
      });
      expect(member.done).toEqual([]);
    }
  });

  it('serves although the mark for a restart cannot be written', async () => {
    const member = fakeMember();
    member.breaks.add('write mark');
    const opened = await run(member, 'open-active');
    expect(opened).toMatchObject({ ok: true });
    expect(opened.ok && opened.value).toContain('could not be written');
    expect(member.parts.runtime.serving).toBe(true);
  });

  it('kills the engine before anything that could fail', async () => {
    const member = fakeMember();
    member.parts.runtime.serving = true;
    member.breaks.add('remove mark');
    await run(member, 'kill-engine').catch(() => undefined);
    expect(member.done[0]).toBe('kill');
    expect(member.parts.runtime.serving).toBe(false);
  });
});

describe('switching components', () => {
  it('works when the next look finds them switched', async () => {
    const member = fakeMember();
    expect(await run(member, 'start-components')).toEqual({ ok: true, value: 'job ended' });
    expect(member.done).toEqual(['listeners on', 'look at engine']);
    member.engineOn = { components: 3, pollers: 0 };
    expect((await run(member, 'stop-pollers')).ok).toBe(true);
  });

  it.each([
    ['start-components', { components: 1, pollers: 0 }, 'job ended, but 2 of 3 components are not on'],
    ['start-pollers', { components: 3, pollers: 1 }, 'job ended, but 1 of 2 pollers is not on'],
    ['stop-pollers', { components: 3, pollers: 1 }, 'job ended, but 1 of 2 pollers is still on'],
    ['start-components', null, 'job ended, but then its API does not answer'],
  ] as const)('%s is a failure when the next look finds %o', async (kind, engineOn, why) => {
    const member = fakeMember();
    member.engineOn = engineOn;
    expect(await run(member, kind)).toEqual(fail(why));
    expect(member.parts.runtime.pollersStarted).toBe(false);
  });

  it('says why the engine refused, and looks all the same', async () => {
    const member = fakeMember();
    member.answers.set('listeners on', () => Promise.resolve(fail('2 of 3 did not switch on: ADT, LAB')));
    expect(await run(member, 'start-components')).toEqual(fail('2 of 3 did not switch on: ADT, LAB'));
    expect(member.done).toContain('look at engine');
  });
});

describe('after a maintenance', () => {
  it('does not open the gate before the lease is renewed, whoever asks for the start', async () => {
    const member = fakeMember();
    Object.assign(member.parts.maintenance, {
      facts: () => ({ maintenance: null, unprovenSinceMaintenance: true }),
    });
    expect(await run(member, 'start-engine')).toEqual(
      fail('the lease has not been renewed since the maintenance ended'),
    );
    expect(member.done).not.toContain('arm');
  });
});

describe('pollers that a change has stopped', () => {
  it('are started again when it is rolled back: nobody else has switched them off', async () => {
    const member = fakeMember();
    member.parts.runtime.pollersStarted = true;
    await run(member, 'stop-pollers');
    expect(member.parts.runtime.pollersStarted).toBe(false);
  });
});

describe('the restart of guards', () => {
  const guards = (member: FakeMember, ...beating: boolean[][]) => {
    const turns = [...beating];
    const service = member.parts.service as unknown as Record<string, unknown>;
    service['restartGuard'] = (number: number) => {
      member.done.push(`guard ${number}`);
      turns.shift();
      return Promise.resolve(member.breaks.has(`guard ${number}`) ? fail('no such unit') : { ok: true });
    };
    Object.assign(member.parts.guards, {
      read: () => turns[0]!.map((beats, at) => ({ id: `guard-${at + 1}`, beating: beats, ageMs: 50 })),
    });
  };

  it('restarts both when both are silent, and is done when both beat', async () => {
    const member = fakeMember();
    guards(member, [false, false], [true, false], [true, true]);
    expect(await run(member, 'restart-guards')).toEqual({
      ok: true,
      value: 'guard 1 and 2 restarted and beating',
    });
    expect(member.done).toEqual(['guard 1', 'guard 2']);
  });

  it('leaves the one alone that beats', async () => {
    const member = fakeMember();
    guards(member, [true, false], [true, true]);
    expect(await run(member, 'restart-guards')).toMatchObject({ value: 'guard 2 restarted and beating' });
    expect(member.done).toEqual(['guard 2']);
  });

  it('tries the second although the first cannot be restarted, and says which', async () => {
    const member = fakeMember();
    member.breaks.add('guard 1');
    guards(member, [false, false], [false, false], [false, true]);
    expect(await run(member, 'restart-guards')).toEqual(fail('guard 1 cannot be restarted: no such unit'));
    expect(member.done).toEqual(['guard 1', 'guard 2']);
  });

  it('names both when neither can be restarted', async () => {
    const member = fakeMember();
    for (const number of [1, 2]) member.breaks.add(`guard ${number}`);
    guards(member, [false, false], [false, false], [false, false]);
    expect(await run(member, 'restart-guards')).toEqual(
      fail('guard 1 cannot be restarted: no such unit; guard 2 cannot be restarted: no such unit'),
    );
  });

  it('that has become needless meanwhile restarts none', async () => {
    const member = fakeMember();
    guards(member, [true, true]);
    expect(await run(member, 'restart-guards')).toEqual({ ok: true, value: 'both guards beat again' });
    expect(member.done).toEqual([]);
  });
});
