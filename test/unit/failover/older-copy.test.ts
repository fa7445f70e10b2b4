import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { names, type Name, type WorldServer } from '../../world/world-server.ts';
import { World } from '../../world/world.ts';

/**
 * Goal: a disk that is lost, or of which an older copy is put back, gives no second Active and no epoch twice, and the
 * cluster is served again. Method: random histories of moves and deaths, then the disk of one dead member as it was.
 */
type Disk = WorldServer['disk'];
const moves = fc.constantFrom('switchover', 'kill-server', 'kill-agent', 'kill-engine', 'wait' as const);
const member = fc.constantFrom<Name>(...names);

function play(world: World, move: string): void {
  const active = world.active();
  if (active === null) return world.run(3_000);
  if (move === 'switchover') world.ask(active, 'switchover');
  if (move === 'kill-server') world.killServer(active, 6_000);
  if (move === 'kill-agent') world.killAgent(active);
  if (move === 'kill-engine') world.killEngine(active);
  world.run(4_000);
}

function startedWorld(): { world: World; epochs: Map<number, Name> } {
  const world = new World();
  const epochs = new Map<number, Name>();
  world.onEffect = (server, effect) => {
    if (effect !== 'acquire: the epoch is on disk') return;
    const { epoch } = world.servers[server].disk;
    if (epochs.has(epoch)) world.violations.push(`epoch ${epoch} is used twice`);
    epochs.set(epoch, server);
  };
  world.until(() => world.settled(), 60_000);
  return { world, epochs };
}

describe('a disk put back as it was', () => {
  it('at any point of any history leaves one Active and every epoch used once', () => {
    fc.assert(
      fc.property(
        fc.array(moves, { minLength: 1, maxLength: 6 }),
        member,
        fc.nat(5),
        fc.boolean(),
        (history, who, copyAt, lost) => {
          const { world } = startedWorld();
          const server = world.servers[who];
          const empty: Disk = { epoch: 0, ended: 0, storeId: null, operation: null };
          let copy: Disk = empty;
          history.forEach((move, index) => {
            if (index === copyAt % history.length) copy = structuredClone(server.disk);
            play(world, move);
          });
          world.killServer(who, 8_000);
          server.disk = lost ? empty : copy;
          const served = world.until(() => world.settled() && world.ageMs() > 0, 120_000);
          world.run(10_000);
          expect(world.violations).toEqual([]);
          expect([served, world.active() !== null]).toEqual([true, true]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
