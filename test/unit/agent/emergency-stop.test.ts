import { describe, expect, it } from 'vitest';
import { stopInEmergency } from '../../../agent/member/engine-incidents.ts';
import type { EmergencyCause } from '../../../agent/member/lease-keeper-ports.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { fakeMember } from './fake-parts.ts';

/** Goal: an emergency stop is as urgent as its cause, and always ends. Method: parts that write down what is asked. */
const ranOut: EmergencyCause = { why: 'the lease could not be renewed in time', atOnce: false };
const lost: EmergencyCause = { why: 'the store no longer names this member', atOnce: true };
const waitMs = 4_290;

/** An answer that comes when the test says so. */
function later() {
  let give: (answer: Result<void, string>) => void = () => undefined;
  const answer = new Promise<Result<void, string>>((resolve) => {
    give = resolve;
  });
  return { answer: () => answer, give: (with_: Result<void, string>) => give(with_) };
}

describe('an emergency stop', () => {
  it('is graceful only when the lease runs out and the preset allows it', async () => {
    const cases = [
      [timingPresets.normal, ranOut, 'stop'],
      [timingPresets.normal, lost, 'kill'],
      [timingPresets.fast, ranOut, 'kill'],
      [timingPresets.fast, lost, 'kill'],
    ] as const;
    for (const [timing, cause, first] of cases) {
      const member = fakeMember(timing);
      await stopInEmergency(member.parts, cause, waitMs);
      expect(member.done[0]).toBe(first);
    }
  });

  it('gives a graceful stop K − 2·D, shuts the gate before it looks, and tells the peer', async () => {
    const member = fakeMember(timingPresets.normal);
    await stopInEmergency(member.parts, ranOut, waitMs);
    expect(member.done).toEqual(['stop', 'grace 5000', 'disarm', 'look', 'remove mark', 'beat']);
    expect(member.parts.runtime.acquireNotBeforeMs).toBe(member.nowMs + waitMs);
  });

  it('ends a graceful stop that is under way when the lease is lost meanwhile', async () => {
    const member = fakeMember(timingPresets.normal);
    const graceful = later();
    member.answers.set('stop', graceful.answer);
    const first = stopInEmergency(member.parts, ranOut, waitMs);
    const second = stopInEmergency(member.parts, lost, waitMs);
    expect(member.done).toEqual(['stop', 'kill']);
    await second;
    expect(member.parts.runtime.emergency).toBeNull();
    graceful.give(succeed(undefined));
    await first;
    expect(member.told).toHaveLength(1);
  });

  it('is not ended by an older one that comes back late', async () => {
    const member = fakeMember(timingPresets.normal);
    const older = later();
    const newer = later();
    member.answers.set('stop', older.answer);
    const first = stopInEmergency(member.parts, ranOut, waitMs);
    await stopInEmergency(member.parts, lost, waitMs);
    member.answers.set('stop', newer.answer);
    const third = stopInEmergency(member.parts, ranOut, waitMs);
    older.give(succeed(undefined));
    await first;
    expect(member.parts.runtime.emergency).not.toBeNull();
    newer.give(succeed(undefined));
    await third;
    expect(member.parts.runtime.emergency).toBeNull();
  });

  it('leaves /active at 503 even when a step that ended meanwhile has opened it', async () => {
    const member = fakeMember();
    const kill = later();
    member.answers.set('kill', kill.answer);
    member.parts.runtime.serving = true;
    const stopping = stopInEmergency(member.parts, lost, waitMs);
    expect(member.parts.runtime.serving).toBe(false);
    member.parts.runtime.serving = true;
    kill.give(succeed(undefined));
    await stopping;
    expect(member.parts.runtime.serving).toBe(false);
  });

  it.each(['kill', 'disarm', 'look', 'remove mark'])('ends and is told when %s breaks', async (name) => {
    const member = fakeMember();
    member.breaks.add(name);
    await stopInEmergency(member.parts, lost, waitMs);
    expect(member.parts.runtime.emergency).toBeNull();
    expect(member.told.join()).toContain(`${name} is broken`);
  });

  it('leaves the gate as it is, to the guards, while the engine is not proven gone', async () => {
    const member = fakeMember();
    member.answers.set('kill', () => Promise.resolve(fail('its control group is not seen empty')));
    await stopInEmergency(member.parts, lost, waitMs);
    expect(member.done).not.toContain('disarm');
    expect(member.told).toEqual([
      'The engine was stopped at once because the store no longer names this member: its control group is not seen empty.',
    ]);
  });
});
