import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acceptReadmission } from '../../../agent/member/accept-readmission.ts';
import { jumpedEpoch } from '../../../shared/lease/forced.ts';
import type { MemberHost } from '../../sim/member-host.ts';
import { bench } from './replacement-bench.ts';

/**
 * Goal: no loss of state, beside that of the lease store, leaves a cluster without a way back.
 * Method: the production agents and witness in the simulated world. Each case is one that the simulation has found.
 */
const stated = { statement: 'power-off', typedName: 'WK1' } as const;

/** The agent ends, finds its state without an end, and starts again. */
async function loseState(
  { world, pass }: Awaited<ReturnType<typeof bench>>,
  host: MemberHost,
): Promise<void> {
  host.kill();
  const { disk } = world.machine(host.ports.config.server);
  const path = join(host.ports.config.paths.state, 'member.json');
  for (const file of [path, `${path}.previous`]) disk.damage(file, () => '{');
  await pass(10_000);
}

function readmit(host: MemberHost) {
  let answer = null as ReturnType<typeof acceptReadmission> | null;
  host.program!.run(() => {
    const { parts, loop } = host.member!.served();
    const about = { cluster: 'WK1', target: null, epoch: 0, idempotencyKey: 'a-key', reason: 'it is back' };
    answer = acceptReadmission(parts, loop.decision().facts, { verb: 'readmit', ...about }, 'a person');
  });
  return answer;
}

describe('a server that comes back after the lease store was replaced without it', () => {
  it('counts on no promise any more, so that the other member takes over and it can be re-admitted', async () => {
    const { world, north, south, pass, memory, role, ask, loseDisk } = await bench();
    await loseDisk();
    expect(memory(south).promise).toBeTruthy();
    world.powerOff(world.machine('north'));
    await pass(10_000);
    await ask(south, 'north burned', 5_000, stated);
    world.powerOn(world.machine('north'));
    await pass(40_000);
    expect(memory(north)).toMatchObject({ expelled: { epoch: jumpedEpoch(1, 1) }, peer: null });
    expect(role(south)).toBe('active');
    expect(await ask(south)).toMatchObject({ accepted: true });
    expect(readmit(north)).toMatchObject({ accepted: true });
    await pass(10_000);
    expect(memory(south).forced).toBeUndefined();
  });

  it('can be re-admitted though that store was lost again: the next one begins above what was stated then', async () => {
    const { world, north, south, pass, memory, ask, loseDisk } = await bench();
    await loseDisk();
    world.powerOff(world.machine('south'));
    await pass(10_000);
    await ask(north, 'south burned', 100, stated);
    await loseDisk();
    world.powerOn(world.machine('south'));
    await pass(15_000);
    expect(await ask(south)).toMatchObject({ accepted: true });
    await pass(15_000);
    expect(memory(north).epoch).toBeGreaterThan(jumpedEpoch(1, 0));
    expect(readmit(south)).toMatchObject({ accepted: true });
  });
});

describe('a lost lease store, with a member that has lost its state', () => {
  it('is replaced far above all that is known, while the Active goes on', async () => {
    const tested = await bench();
    const { world, north, south, pass, memory, role, ask, loseDisk } = tested;
    const engine = world.clusters[0]!.checks.changes;
    await loseDisk();
    await loseState(tested, south);
    expect(south.member!.served().parts.memory.damaged).not.toBeNull();
    expect(await ask(north)).toMatchObject({ accepted: true });
    await pass(15_000);
    expect(memory(north).epoch).toBeGreaterThan(jumpedEpoch(1, 1));
    expect(south.member!.served().parts.memory.damaged).toBeNull();
    expect(memory(south).storeId).toBe(memory(north).storeId);
    expect([role(north), role(south)]).toEqual(['active', 'passive']);
    expect(world.clusters[0]!.checks.changes).toBe(engine);
  });

  it('is replaced also where that one is asked', async () => {
    const tested = await bench();
    const { north, south, pass, memory, ask, loseDisk } = tested;
    await loseDisk();
    await loseState(tested, south);
    expect(await ask(south)).toMatchObject({ accepted: true });
    await pass(15_000);
    expect(memory(south).storeId).toBe(memory(north).storeId);
    expect(north.member!.snapshot().lease.state).toBe('held');
  });

  it('is joined by a server that comes back, after the one that replaced it alone has forgotten that', async () => {
    const tested = await bench();
    const { world, north, south, pass, role, ask, loseDisk } = tested;
    await loseDisk();
    world.powerOff(world.machine('north'));
    await pass(10_000);
    await ask(south, 'north burned', 5_000, stated);
    await loseState(tested, south);
    world.powerOn(world.machine('north'));
    await pass(15_000);
    expect(await ask(north)).toMatchObject({ accepted: true });
    await pass(40_000);
    expect([role(north), role(south)].sort()).toEqual(['active', 'passive']);
  });
});
