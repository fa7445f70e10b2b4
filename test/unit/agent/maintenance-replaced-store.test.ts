import { describe, expect, it } from 'vitest';
import type { Command } from '../../../shared/agent-api/agent-api.ts';
import type { MemberHost } from '../../sim/member-host.ts';
import { bench } from './replacement-bench.ts';

/**
 * Goal: a maintenance outlives the lease store that it was written to, and ends for both members when a person ends it.
 * Method: the production agents and witness in the simulated world; the witness loses its disk during a maintenance.
 */
async function inMaintenance() {
  const found = await bench();
  const { north, pass, loseDisk, ask, south } = found;
  const said = async (host: MemberHost, verb: Command['verb'], minutes?: number) => {
    let accepted = null as boolean | null;
    const about = { cluster: 'WK1', target: null, epoch: 0, idempotencyKey: `a-key-for-${verb}` };
    const command = { verb, ...about, reason: 'patching', ...(minutes === undefined ? {} : { minutes }) };
    host.command(command, (answer) => (accepted = answer));
    await pass(5_000);
    return accepted;
  };
  const still = (host: MemberHost) =>
    host.member!.served().loop.decision().facts.lease.maintenance?.reason ?? null;
  expect(await said(north, 'maintenance', 60)).toBe(true);
  await loseDisk();
  expect(await ask(south)).toMatchObject({ accepted: true });
  await pass(10_000);
  return { ...found, said, still };
}

describe('a maintenance whose lease store was replaced', () => {
  it('goes on, and ends for both members when a person ends it', async () => {
    const { north, south, said, still, memory, role, pass } = await inMaintenance();
    expect([still(north), still(south)]).toEqual(['patching', 'patching']);
    expect(await said(south, 'end-maintenance')).toBe(true);
    expect([still(north), still(south)]).toEqual([null, null]);
    expect([memory(north).maintenance, memory(south).maintenance]).toEqual([null, null]);
    await pass(5_000);
    expect([role(north), role(south)]).toEqual(['active', 'passive']);
  });

  it('is over for a member that was off when it ended, as soon as that hears the store', async () => {
    const { world, north, south, said, still, memory, pass } = await inMaintenance();
    world.powerOff(world.machine('south'));
    await pass(5_000);
    expect(await said(north, 'end-maintenance')).toBe(true);
    world.powerOn(world.machine('south'));
    await pass(20_000);
    expect([still(south), memory(south).maintenance]).toEqual([null, null]);
  });

  it('counts again only when another one is begun', async () => {
    const { north, south, said, still } = await inMaintenance();
    expect(await said(north, 'end-maintenance')).toBe(true);
    expect(await said(south, 'maintenance', 30)).toBe(true);
    expect([still(north), still(south)]).toEqual(['patching', 'patching']);
    expect(await said(north, 'end-maintenance')).toBe(true);
    expect([still(north), still(south)]).toEqual([null, null]);
  });
});
