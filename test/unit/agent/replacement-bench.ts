import { expect } from 'vitest';
import { acceptReadmission } from '../../../agent/member/accept-readmission.ts';
import { acceptStoreReplacement } from '../../../agent/member/accept-store-replacement.ts';
import type { Command, CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import type { MemberHost } from '../../sim/member-host.ts';
import { Random } from '../../sim/random.ts';
import { World } from '../../sim/world.ts';

export const stated = { statement: 'power-off', typedName: 'WK1' } as const;

/** A person takes the member back; null: its agent does not run. */
export function readmit(host: MemberHost): CommandAnswer | null {
  let answer = null as CommandAnswer | null;
  host.program!.run(() => {
    const { parts, loop } = host.member!.served();
    const command = {
      verb: 'readmit' as const,
      cluster: 'WK1',
      target: null,
      epoch: 0,
      idempotencyKey: 'another-key-of-a-test',
      reason: 'its power is back',
    };
    answer = acceptReadmission(parts, loop.decision().facts, command, 'a person');
  });
  return answer;
}

/** One cluster of the simulated world, with its Active on north, and what a replacement of its store is tested by. */
export async function bench() {
  const world = new World({
    random: new Random(7),
    clusters: [{ id: 'WK1', timing: timingPresets.fast, preferred: 'north', localRestarts: 1 }],
    edge: false,
    planted: new Set(),
    keepHistory: false,
  });
  const [north, south] = world.clusters[0]!.sites.map(({ host }) => host) as [MemberHost, MemberHost];
  const pass = async (ms: number) => {
    await world.schedule.pass(world.schedule.nowMs + ms, () => world.violation !== null);
    expect(world.violation).toBeNull();
  };
  const memory = (host: MemberHost) => host.member!.served().parts.memory.current();
  const role = (host: MemberHost) => host.member!.snapshot().role.observed;
  const ask = async (
    host: MemberHost,
    reason = 'its disk died',
    forMs = 5_000,
    said: Partial<Command> = {},
  ) => {
    let answer = null as CommandAnswer | null;
    host.program!.run(() => {
      const command = {
        verb: 'replace-store' as const,
        cluster: 'WK1',
        target: null,
        epoch: memory(host).epoch,
        idempotencyKey: 'a-key-of-a-test',
        reason,
        ...said,
      };
      void acceptStoreReplacement(host.member!.served().parts, command, 'a person').then((given) => {
        answer = given;
      });
    });
    await pass(forMs);
    return answer;
  };
  const third = world.machine('third');
  /** The witness loses its disk and runs again, empty. */
  const loseDisk = async () => {
    world.witness.kill();
    world.witness.program?.end();
    third.disk.wipe();
    await pass(15_000);
  };
  await pass(20_000);
  expect([role(north), role(south)]).toEqual(['active', 'passive']);
  return { world, north, south, pass, memory, role, ask, loseDisk, third };
}
