import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jumpedEpoch } from '../../../shared/lease/forced.ts';
import type { MemberHost } from '../../sim/member-host.ts';
import { witnessState } from '../../sim/setting.ts';
import { bench, readmit, stated } from './replacement-bench.ts';

/**
 * Goal: no loss of state, beside that of the lease store, leaves a cluster without a way back.
 * Method: the production agents and witness in the simulated world. Each case is one that the simulation has found.
 */
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

describe('an older disk of the lease store, put back after it was replaced alone', () => {
  it('is not joined below what was stated then', async () => {
    const { world, north, south, third, pass, memory, ask, loseDisk } = await bench();
    const record = join(witnessState, 'lease-WK1.json');
    const older = third.disk.read(record);
    await loseDisk();
    world.powerOff(world.machine('south'));
    await pass(10_000);
    await ask(north, 'south burned', 100, stated);
    world.witness.kill();
    third.disk.damage(record, () => older);
    await pass(5_000);
    world.powerOn(world.machine('south'));
    await pass(15_000);
    expect(await ask(north)).toMatchObject({ accepted: true });
    await pass(15_000);
    expect(memory(north).epoch).toBeGreaterThan(jumpedEpoch(1, 0));
    expect(readmit(south)).toMatchObject({ accepted: true });
  });
});

describe('a lapsed takeover that a person has forced', () => {
  /** North has taken over without the store and then stood still; south is off, and the store has lost its disk. */
  const lapsed = async () => {
    const tested = await bench();
    const { world, north, pass, memory, loseDisk } = tested;
    world.powerOff(world.machine('south'));
    world.powerOff(world.machine('third'));
    await pass(15_000);
    const asked = { verb: 'force-takeover', withoutStore: true, reason: 'lost', ...stated } as const;
    const about = { cluster: 'WK1', target: null, idempotencyKey: 'forced-by-a-test' };
    north.command({ ...asked, ...about, epoch: memory(north).epoch }, () => undefined);
    await pass(20_000);
    expect(memory(north).forced).toMatchObject({ epoch: jumpedEpoch(1, 0) });
    world.powerOff(world.machine('north'));
    await pass(5_000);
    world.powerOn(world.machine('north'));
    world.powerOn(world.machine('third'));
    await loseDisk();
    expect(tested.role(north)).toBe('passive');
    return tested;
  };

  it('ends where the store is replaced alone, so that what is stated then is kept', async () => {
    const { north, pass, memory, role, ask } = await lapsed();
    expect(await ask(north, 'south burned', 100, stated)).toMatchObject({ accepted: true });
    const raised = jumpedEpoch(jumpedEpoch(1, 0), 0);
    expect(memory(north).forced).toMatchObject({ epoch: raised, statement: 'power-off' });
    expect(memory(north).ended).toBe(jumpedEpoch(1, 0));
    await pass(20_000);
    expect([role(north), memory(north).epoch]).toEqual(['active', raised + 1]);
  });

  it('is forgotten once the other member, re-admitted, goes on above it', async () => {
    const tested = await lapsed();
    const { world, north, south, pass, memory, role, ask } = tested;
    world.clusters[0]!.storage.show('north', 'gone');
    world.powerOn(world.machine('south'));
    await pass(15_000);
    expect(memory(south).expelled).toMatchObject({ epoch: jumpedEpoch(1, 0) });
    expect(await ask(north)).toMatchObject({ accepted: true });
    expect(readmit(south)).toMatchObject({ accepted: true });
    await pass(30_000);
    expect(role(south)).toBe('active');
    expect(memory(north).forced).toBeUndefined();
    expect(memory(north).ended).toBe(memory(north).epoch);
  });
});

describe('a lost lease store, with a member that has lost its state', () => {
  it('is not replaced without the other member by it: what is stated could not be kept', async () => {
    const tested = await bench();
    const { world, south, pass, ask, loseDisk } = tested;
    await loseDisk();
    await loseState(tested, south);
    world.powerOff(world.machine('north'));
    await pass(10_000);
    const refused = await ask(south, 'north burned', 5_000, stated);
    expect(!refused?.accepted && refused?.error.message).toContain('could not be kept');
  });

  it('drops no promise that the other member lives on, before that has its lease', async () => {
    const tested = await bench();
    const { north, south, pass, memory, ask, loseDisk } = tested;
    await loseState(tested, south);
    await pass(10_000);
    expect(south.member!.served().parts.memory.damaged).toBeNull();
    await loseDisk();
    expect(memory(south).promise).toBeTruthy();
    await ask(north, 'its disk died', 1_000);
    expect(memory(south).promise).toBeTruthy();
    await pass(15_000);
    expect(north.member!.snapshot().lease.state).toBe('held');
    expect(memory(south).promise ?? null).toBeNull();
  });

  it('is replaced far above all that is known also where nothing is left of that state', async () => {
    const tested = await bench();
    const { world, north, south, pass, memory, role, ask, loseDisk } = tested;
    await loseDisk();
    south.kill();
    const folder = south.ports.config.paths.state;
    const { disk } = world.machine('south');
    for (const name of disk.list(folder)) if (name.startsWith('member.json')) disk.remove(join(folder, name));
    await pass(10_000);
    expect(await ask(north)).toMatchObject({ accepted: true });
    await pass(15_000);
    expect(memory(north).epoch).toBeGreaterThan(jumpedEpoch(1, 1));
    expect([role(north), role(south)]).toEqual(['active', 'passive']);
  });

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
