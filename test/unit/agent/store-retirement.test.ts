import { describe, expect, it } from 'vitest';
import { acceptStoreRetirement } from '../../../agent/member/accept-store-retirement.ts';
import type { Command, CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import type { MemberHost } from '../../sim/member-host.ts';
import { bench } from './replacement-bench.ts';

/**
 * Goal: the lease store of a cluster at work is retired and another one takes its place, or it is used again, with the
 * Active running all the time.
 * Method: the production agents and witness in the simulated world; the next store is the witness with an empty disk.
 */
/** The world of three machines passes slowly on a busy machine. */
const limitMs = 120_000;

async function movingBench() {
  const { world, north, south, pass, memory, role, ask, loseDisk } = await bench();
  const change = async (
    host: MemberHost,
    verb: 'retire-store' | 'reinstate-store',
    said: Partial<Command> = {},
  ) => {
    let answer = null as CommandAnswer | null;
    host.program!.run(() => {
      const member = host.member!.served();
      const command: Command = {
        ...{ verb, cluster: 'WK1', target: null, epoch: memory(host).epoch },
        ...{ idempotencyKey: 'a-key-of-a-test', reason: 'a move' },
        ...(verb === 'retire-store' ? { successor: 'the witness on nas' } : {}),
        ...said,
      };
      void acceptStoreRetirement(member.parts, member.loop.decision().facts, command, 'a person').then(
        (given) => {
          answer = given;
        },
      );
    });
    await pass(3_000);
    return answer;
  };
  return { world, north, south, pass, memory, role, ask, loseDisk, change };
}

describe('a lease store that is moved', { timeout: limitMs }, () => {
  it('leaves the Active on a promise, and the next one goes on with what it knew', async () => {
    const { world, north, south, pass, memory, role, ask, loseDisk, change } = await movingBench();
    const engine = world.clusters[0]!.checks.changes;
    const before = memory(north);
    void north
      .member!.served()
      .parts.keeper.changePolicy({ kind: 'block', by: 'p', why: 'a test', lastsMs: 3_600_000 });
    await pass(1_000);
    expect(await change(north, 'retire-store')).toMatchObject({ accepted: true });
    await pass(10_000);
    expect(memory(north).peer).toMatchObject({ e: before.epoch });
    expect(memory(south).promise).toMatchObject({ e: before.epoch });
    expect(memory(north).carried).toMatchObject({ block: { why: 'a test' }, lastHolder: 'north' });
    expect(north.member!.snapshot().store.why).toContain('retired');
    await loseDisk();
    expect(await ask(north)).toMatchObject({ accepted: true });
    await pass(10_000);
    expect(memory(north)).toMatchObject({ epoch: before.epoch + 1, peer: null });
    expect(memory(north).storeId).not.toBe(before.storeId);
    expect(memory(north).carried).toBeUndefined();
    expect(north.member!.snapshot().automaticFailover.state).toBe('blocked');
    expect(world.clusters[0]!.checks.changes).toBe(engine);
    expect([role(north), role(south)]).toEqual(['active', 'passive']);
  });

  it('is used again: the Active has its lease of before, and the peer takes over as ever', async () => {
    const { world, north, south, pass, memory, role, change } = await movingBench();
    const engine = world.clusters[0]!.checks.changes;
    const before = memory(north);
    await change(north, 'retire-store');
    await pass(10_000);
    expect(memory(north).peer).not.toBeNull();
    expect(await change(north, 'reinstate-store')).toMatchObject({ accepted: true });
    await pass(5_000);
    expect(memory(north)).toMatchObject({ epoch: before.epoch, peer: null, storeId: before.storeId });
    expect(north.member!.snapshot().lease.state).toBe('held');
    expect(memory(north).carried).toBeUndefined();
    expect(world.clusters[0]!.checks.changes).toBe(engine);
    world.powerOff(world.machine('north'));
    await pass(20_000);
    expect([role(south), memory(south).epoch]).toEqual(['active', before.epoch + 1]);
  });

  it('is not retired at the word of a Passive, for another epoch, or without saying why and for what', async () => {
    const { north, south, memory, change } = await movingBench();
    const code = (answer: CommandAnswer | null) => answer?.accepted === false && answer.error.code;
    expect(code(await change(south, 'retire-store'))).toBe('command.not-active');
    expect(code(await change(north, 'retire-store', { epoch: 99 }))).toBe('command.revision');
    expect(code(await change(north, 'retire-store', { reason: '' }))).toBe('request.invalid');
    expect(code(await change(north, 'retire-store', { successor: '' }))).toBe('request.invalid');
    expect(code(await change(north, 'retire-store', { cluster: 'WK2' }))).toBe('request.invalid');
    expect(memory(north).peer ?? null).toBeNull();
  });

  it('is not retired while the Passive could not promise', async () => {
    const { world, north, pass, memory, change } = await movingBench();
    world.powerOff(world.machine('south'));
    await pass(20_000);
    const refused = await change(north, 'retire-store');
    expect(refused).toMatchObject({ accepted: false, error: { code: 'command.refused' } });
    expect(north.member!.snapshot().lease.state).toBe('held');
    expect(memory(north).carried).toBeUndefined();
  });

  it('grants a member nothing that comes back with an older state, from before the move', async () => {
    const { world, north, south, pass, change } = await movingBench();
    await change(north, 'retire-store');
    await pass(5_000);
    world.powerOff(world.machine('north'));
    world.powerOff(world.machine('south'));
    await pass(60_000);
    world.powerOn(world.machine('south'));
    await pass(60_000);
    expect(south.member!.snapshot().role.observed).toBe('passive');
    expect(south.member!.snapshot().lease.state).toBe('unknown');
  });
});
