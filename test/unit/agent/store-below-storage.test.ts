import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forceVerb, type Command } from '../../../shared/agent-api/agent-api.ts';
import type { MemberHost } from '../../sim/member-host.ts';
import { bench } from './replacement-bench.ts';

/**
 * Goal: an epoch that the lease store has never heard of is neither used beside nor used twice, and a person can end it.
 * Method: the production agents and witness in the simulated world; a takeover is forced without the store, and the
 * member that was forced loses its state before the store is told, or the storage's generation is raised by hand.
 */
async function site() {
  const found = await bench();
  const { world, north, pass } = found;
  const { storage, sites } = world.clusters[0]!;
  const rule = (host: MemberHost) => host.member!.served().loop.decision().rule.ruleId;
  const force = async (host: MemberHost, withoutStore: boolean) => {
    let accepted = null as boolean | null;
    const said = {
      statement: 'power-off',
      typedName: 'WK1',
      withoutStore,
      reason: 'the other one burns',
    } as const;
    const about = { cluster: 'WK1', target: null, epoch: found.memory(host).epoch };
    const command: Command = { verb: forceVerb, ...about, idempotencyKey: 'a-key-of-force', ...said };
    host.command(command, (answer) => (accepted = answer));
    await pass(20_000);
    return accepted;
  };
  /** North runs under a raised epoch, and south and the store know nothing of it. */
  const forceNorth = async () => {
    world.powerOff(world.machine('south'));
    world.powerOff(world.machine('third'));
    await pass(15_000);
    expect(await force(north, true)).toBe(true);
    expect([found.role(north), found.memory(north).epoch, storage.generation]).toEqual([
      'active',
      2_000,
      2_000,
    ]);
  };
  /** Its state is gone, up to `readable`, which is all that can still be read of the epoch. */
  const loseState = (readable: string) => {
    const { disk } = world.machine('north');
    north.kill();
    for (const name of ['member.json', 'member.json.previous'])
      disk.damage(join(north.ports.config.paths.state, name), () => readable);
  };
  const allBack = async () => {
    for (const machine of ['third', 'south']) world.powerOn(world.machine(machine));
    await pass(40_000);
  };
  const oneActive = () => [found.role(north), found.role(found.south)].sort();
  return { ...found, sites, storage, rule, force, forceNorth, loseState, allBack, oneActive };
}

describe('a forced takeover without the store whose member then loses its state', () => {
  it('is not taken over below the raised epoch; replaced at a person’s word the store grants above it', async () => {
    const { north, south, storage, rule, forceNorth, loseState, allBack, ask, pass, memory, oneActive } =
      await site();
    await forceNorth();
    loseState('');
    await allBack();
    expect([rule(north), rule(south), memory(south).epoch]).toEqual(['R51', 'R51', 0]);
    expect(await ask(south)).toMatchObject({ accepted: true });
    await pass(20_000);
    expect(oneActive()).toEqual(['active', 'passive']);
    expect([Math.max(memory(north).epoch, memory(south).epoch), storage.generation]).toEqual([2_001, 2_001]);
  });

  it('is mended also while the other member cannot see its storage, by the one that knows', async () => {
    const { north, storage, role, forceNorth, loseState, allBack, ask, pass, memory } = await site();
    await forceNorth();
    loseState('');
    storage.show('south', 'gone');
    await allBack();
    expect(await ask(north)).toMatchObject({ accepted: true });
    await pass(20_000);
    expect([role(north), memory(north).epoch]).toEqual(['active', 2_001]);
  });
});

describe('a storage that carries an epoch which the store has not granted', () => {
  it('ends the lease of the Active, and nobody asks for another before the store is replaced', async () => {
    const { north, south, storage, rule, ask, pass, memory, oneActive } = await site();
    storage.generation = 500;
    await pass(30_000);
    expect([rule(north), rule(south), memory(north).epoch, memory(north).ended]).toEqual([
      'R51',
      'R51',
      1,
      1,
    ]);
    expect(await ask(north)).toMatchObject({ accepted: true });
    await pass(20_000);
    expect(oneActive()).toEqual(['active', 'passive']);
    expect(storage.generation).toBe(501);
  });

  it('lets a person force a takeover through the store, above that epoch', async () => {
    const { world, south, storage, rule, force, pass, memory, role } = await site();
    world.powerOff(world.machine('north'));
    storage.generation = 500;
    await pass(20_000);
    expect(rule(south)).toBe('R51');
    expect(await force(south, false)).toBe(true);
    expect([role(south), memory(south).epoch, storage.generation]).toEqual(['active', 501, 501]);
  });

  it('is no reason to refuse a store that grants it a moment later', async () => {
    const { world, north, south, rule, pass, role } = await site();
    world.powerOff(world.machine('north'));
    const seen = new Set<string>();
    for (let waits = 0; waits < 100 && role(south) !== 'active'; waits += 1) {
      await pass(200);
      seen.add(rule(south));
    }
    world.powerOn(world.machine('north'));
    await pass(20_000);
    expect([role(south), seen.has('R51'), rule(north)]).toEqual(['active', false, 'R52']);
  });
});
