import { describe, expect, it } from 'vitest';
import { jumpedEpoch } from '../../../shared/lease/forced.ts';
import { bench, readmit, stated } from './replacement-bench.ts';

/**
 * Goal: a lost lease store is replaced while the Active runs, safely wherever that is interrupted.
 * Method: the production agents and witness in the simulated world; the witness loses its disk, a person asks.
 */
describe('a lease store that has lost its disk', () => {
  it('leaves the Active on a promise, is seeded with the highest epoch, and is then as good as the old one', async () => {
    const { world, north, south, pass, memory, role, ask, loseDisk } = await bench();
    const engine = world.clusters[0]!.checks.changes;
    const before = memory(north);
    await loseDisk();
    expect(memory(north).peer).toMatchObject({ e: before.epoch });
    expect(await ask(south)).toMatchObject({ accepted: true });
    expect(memory(north).storeId).toBe(memory(south).storeId);
    expect(memory(north).storeId).not.toBe(before.storeId);
    await pass(10_000);
    expect(memory(north)).toMatchObject({ epoch: before.epoch + 1, peer: null });
    expect(north.member!.snapshot().lease.state).toBe('held');
    expect(world.clusters[0]!.checks.changes).toBe(engine);
    world.powerOff(world.machine('north'));
    await pass(20_000);
    expect([role(south), memory(south).epoch]).toEqual(['active', before.epoch + 2]);
  });

  it('may be asked for again, by either member: nothing is done twice', async () => {
    const { north, south, memory, ask, loseDisk } = await bench();
    await loseDisk();
    await ask(north);
    const { storeId } = memory(north);
    expect(await ask(south)).toMatchObject({ accepted: true, operation: `store-${storeId}` });
    expect(await ask(north)).toMatchObject({ accepted: true, operation: `store-${storeId}` });
    expect(memory(south).storeId).toBe(storeId);
  });

  it('is replaced all the same after the agent that was asked has died in the middle', async () => {
    const { north, south, pass, memory, role, ask, loseDisk } = await bench();
    const before = memory(north);
    await loseDisk();
    for (const diedAfterMs of [1, 2, 3, 4, 6, 8]) {
      await ask(south, 'its disk died', diedAfterMs);
      south.kill();
      await pass(10_000);
    }
    expect(await ask(south)).toMatchObject({ accepted: true });
    await pass(10_000);
    expect(memory(north).storeId).toBe(memory(south).storeId);
    expect(memory(north).epoch).toBeGreaterThan(before.epoch);
    expect([role(north), role(south)]).toEqual(['active', 'passive']);
    expect(north.member!.snapshot().lease.state).toBe('held');
  });

  it('is refused without a reason, without the peer, and while nothing answers', async () => {
    const { world, north, south, pass, memory, ask, loseDisk } = await bench();
    const { storeId } = memory(north);
    expect(await ask(north, '')).toMatchObject({ accepted: false });
    world.witness.kill();
    world.powerOff(world.machine('third'));
    await pass(10_000);
    const silent = await ask(north);
    expect(!silent?.accepted && silent?.error.message).toContain('Nothing answers north');
    world.powerOn(world.machine('third'));
    await loseDisk();
    world.powerOff(world.machine('north'));
    await pass(10_000);
    const alone = await ask(south);
    expect(!alone?.accepted && alone?.error.message).toContain('north does not answer south');
    expect(memory(south).storeId).toBe(storeId);
  });

  it('changes nothing while the store works', async () => {
    const { north, south, memory, ask } = await bench();
    const { storeId } = memory(north);
    expect(await ask(south)).toMatchObject({ accepted: true, operation: `store-${storeId}` });
    expect([memory(north).storeId, memory(south).storeId]).toEqual([storeId, storeId]);
  });
});

describe('a lost lease store whose other member is gone for good', () => {
  it('is replaced at a person’s word, above every epoch that may have been used, while the Active goes on', async () => {
    const { world, north, south, pass, memory, role, ask, loseDisk } = await bench();
    const engine = world.clusters[0]!.checks.changes;
    const before = memory(north);
    await loseDisk();
    world.powerOff(world.machine('south'));
    await pass(10_000);
    expect(await ask(north, 'south burned', 5_000, stated)).toMatchObject({ accepted: true });
    const raised = jumpedEpoch(before.epoch, 0);
    expect(memory(north).forced).toMatchObject({ epoch: raised, statement: 'power-off' });
    expect(north.member!.snapshot().forced?.fence).toMatchObject({ by: 'a person', statement: 'power-off' });
    await pass(10_000);
    expect(memory(north)).toMatchObject({ epoch: raised + 1, peer: null });
    expect(north.member!.snapshot().lease.state).toBe('held');
    expect(world.clusters[0]!.checks.changes).toBe(engine);

    // It comes back: it takes no part until it belongs to the new store and a person has re-admitted it.
    world.powerOn(world.machine('south'));
    await pass(15_000);
    expect(memory(south).expelled).toMatchObject({ epoch: raised });
    const early = readmit(south);
    expect(!early?.accepted && early?.error.next).toContain('ask for its replacement once more');
    expect(await ask(north)).toMatchObject({ accepted: true });
    expect(memory(south).storeId).toBe(memory(north).storeId);
    expect(readmit(south)).toMatchObject({ accepted: true });
    await pass(10_000);
    expect(memory(north).forced).toBeUndefined();
    expect(north.member!.snapshot().automaticFailover.state).toBe('on');
    world.powerOff(world.machine('north'));
    await pass(20_000);
    expect([role(south), memory(south).epoch]).toEqual(['active', raised + 2]);
  });

  it('drops no promise: the Passive that has given one takes over only when it is forced', async () => {
    const { world, south, pass, memory, role, ask, loseDisk } = await bench();
    await loseDisk();
    expect(memory(south).promise).toBeTruthy();
    world.powerOff(world.machine('north'));
    await pass(10_000);
    expect(await ask(south, 'north burned', 5_000, stated)).toMatchObject({ accepted: true });
    await pass(30_000);
    expect(role(south)).toBe('passive');
    expect(memory(south).promise).toBeTruthy();
  });

  it('lets a Passive without a promise take over by itself, but not before T + δ', async () => {
    const { world, south, pass, role, ask, loseDisk } = await bench();
    world.powerOff(world.machine('north'));
    world.witness.kill();
    await pass(1_000);
    await loseDisk();
    expect(await ask(south, 'north burned', 1_000, stated)).toMatchObject({ accepted: true });
    expect(role(south)).toBe('passive');
    await pass(30_000);
    expect(role(south)).toBe('active');
  });

  it('is replaced after the agent has died in the middle, and joined by both when the other one is back', async () => {
    const { world, north, south, pass, memory, ask, loseDisk } = await bench();
    await loseDisk();
    world.powerOff(world.machine('south'));
    await pass(10_000);
    for (const diedAfterMs of [1, 2, 3, 4, 6]) {
      await ask(north, 'south burned', diedAfterMs, stated);
      north.kill();
      await pass(10_000);
    }
    world.powerOn(world.machine('south'));
    await pass(15_000);
    expect(await ask(south)).toMatchObject({ accepted: true });
    await pass(10_000);
    expect(memory(south).storeId).toBe(memory(north).storeId);
    expect(readmit(south)).toMatchObject({ accepted: true });
    await pass(10_000);
    expect(memory(north).forced).toBeUndefined();
    expect(north.member!.snapshot().lease.state).toBe('held');
  });

  it('is refused while the other member answers, while nothing answers, and without the typed name', async () => {
    const { world, north, pass, memory, ask, loseDisk } = await bench();
    const { storeId } = memory(north);
    await loseDisk();
    const heard = await ask(north, 'gone', 1_000, stated);
    expect(!heard?.accepted && heard?.error.message).toContain('south answers, so it is neither');
    world.powerOff(world.machine('south'));
    await pass(10_000);
    const untyped = await ask(north, 'gone', 1_000, { ...stated, typedName: 'wk1' });
    expect(!untyped?.accepted && untyped?.error.message).toContain('was not typed as it is');
    world.witness.kill();
    world.powerOff(world.machine('third'));
    await pass(10_000);
    const silent = await ask(north, 'gone', 1_000, stated);
    expect(!silent?.accepted && silent?.error.message).toContain('Nothing answers north');
    expect(memory(north)).toMatchObject({ storeId });
    expect(memory(north).forced).toBeUndefined();
  });

  it('changes nothing while the store works', async () => {
    const { world, north, pass, memory, ask } = await bench();
    const before = memory(north);
    world.powerOff(world.machine('south'));
    await pass(10_000);
    expect(await ask(north, 'gone', 1_000, stated)).toMatchObject({ operation: `store-${before.storeId}` });
    expect(memory(north).forced).toBeUndefined();
  });
});
