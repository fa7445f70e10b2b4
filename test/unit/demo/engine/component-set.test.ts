import { describe, expect, it } from 'vitest';
import type { Component } from '../../../../electron/demo/engine/component.ts';
import { ComponentSet } from '../../../../electron/demo/engine/component-set.ts';
import { Faults } from '../../../../electron/demo/engine/faults.ts';
import { fail, succeed } from '../../../../shared/result.ts';

function component(name: string, startFails = false): Component {
  let on = false;
  return {
    guid: `guid-${name}`,
    name,
    tags: [],
    facts: () => expect.unreachable(),
    isOn: () => on,
    start: () => {
      on = !startFails;
      return Promise.resolve(startFails ? fail('its port is taken') : succeed(undefined));
    },
    stop: () => {
      on = false;
      return Promise.resolve();
    },
  };
}

function setOf(components: Component[], faults = new Faults(), maxComponents = 50): ComponentSet {
  return new ComponentSet({ components, faults, maxComponents, say: () => undefined });
}

async function finished(set: ComponentSet, kind: 'start' | 'stop', jobId: string | undefined) {
  await new Promise((resolve) => setImmediate(resolve));
  return set.check(kind, jobId ?? '');
}

describe('switching components', () => {
  it('takes names and ids, skips what is unknown or on already, and says why', async () => {
    const set = setOf([component('ADT'), component('ORU')]);
    await set.all[1]!.start();
    const answer = set.start(['ADT', 'guid-ORU', 'gone'], true);
    expect(answer).toMatchObject({
      ok: true,
      value: { switched: ['guid-ADT'], skipped: ['guid-ORU', 'gone'] },
    });
    expect(answer.ok && answer.value.errors).toEqual([
      'Component ORU is already running.',
      'No component exists with name or id gone',
    ]);
  });

  it('lets a tracked job be asked for until it has told that it is done', async () => {
    const set = setOf([component('ADT')]);
    const answer = set.start(['ADT'], true);
    const jobId = answer.ok ? answer.value.jobId : undefined;
    expect(set.check('start', jobId ?? '')).toEqual({ ok: true, value: true });
    expect(await finished(set, 'start', jobId)).toEqual({ ok: true, value: false });
    expect((await finished(set, 'start', jobId)).ok).toBe(false);
    expect(set.all[0]!.isOn()).toBe(true);
  });

  it('forgets a job that nobody tracks', async () => {
    const set = setOf([component('ADT')]);
    const answer = set.start(['ADT'], false);
    expect((await finished(set, 'start', answer.ok ? answer.value.jobId : '')).ok).toBe(false);
  });

  it('tells in the job when a component could not be started', async () => {
    const set = setOf([component('ADT', true)]);
    const answer = set.start(['ADT'], true);
    expect(await finished(set, 'start', answer.ok ? answer.value.jobId : '')).toEqual({
      ok: false,
      error: 'its port is taken',
    });
  });

  it('refuses as a whole what the license does not cover', () => {
    expect(setOf([component('A'), component('B')], new Faults(), 1).start(['A', 'B'], false)).toMatchObject({
      ok: false,
      error: expect.stringContaining('license allows 1') as string,
    });
  });

  it.each(['safe-mode', 'licence-exceeded'] as const)('refuses every start under %s', (fault) => {
    const faults = new Faults();
    faults.set({ fault, value: true });
    expect(setOf([component('A')], faults).start(['A'], false).ok).toBe(false);
  });
});
