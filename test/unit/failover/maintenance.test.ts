import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { names } from '../../world/world-server.ts';
import { World } from '../../world/world.ts';

/**
 * Goal: during a maintenance nobody starts an engine, whoever dies and whatever is silent meanwhile; after it the
 * cluster is served again. Method: random deaths and silences between its beginning and its end.
 */
const events = fc.constantFrom('kill-agent', 'kill-server', 'kill-engine', 'silence-link', 'wait' as const);
const member = fc.constantFrom(...names);

function maintainedWorld(minutes: number): { world: World; started: string[] } {
  const world = new World();
  const started: string[] = [];
  world.until(() => world.settled(), 60_000);
  expect(world.maintain('north', minutes)).toBeNull();
  world.run(1_000);
  world.onEffect = (server, effect) => {
    if (effect === 'start-engine: the process runs') started.push(server);
  };
  return { world, started };
}

function strike(world: World, event: string, server: 'north' | 'south'): void {
  if (event === 'kill-agent') world.killAgent(server);
  if (event === 'kill-server') world.killServer(server, 3_000);
  if (event === 'kill-engine') world.killEngine(server);
  if (event === 'silence-link') world.silence('link', 5_000);
  world.run(6_000);
}

describe('a maintenance', () => {
  it('is kept by whoever comes back, and no agent starts an engine before its end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(events, member), { minLength: 1, maxLength: 5 }), (struck) => {
        const { world, started } = maintainedWorld(60);
        for (const [event, server] of struck) strike(world, event, server);
        expect(started).toEqual([]);
        expect(world.endMaintenance('south')).toBeNull();
        expect(world.until(() => world.settled(), 60_000)).toBe(true);
        expect(world.violations).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('ends by itself, and the lease is proven before the engine is started', () => {
    const { world, started } = maintainedWorld(1);
    world.killEngine('north');
    world.run(50_000);
    expect(started).toEqual([]);
    expect(world.until(() => world.settled(), 60_000)).toBe(true);
    expect(world.log.some(({ sentence }) => sentence.includes('R40'))).toBe(true);
  });

  it('does not begin while the other member cannot keep it', () => {
    const world = new World();
    world.until(() => world.settled(), 60_000);
    world.silence('link', 10_000);
    expect(world.maintain('north', 10)).toBe('the other member does not keep it');
    world.run(1_000);
    expect(world.facts('north')?.lease.maintenance).toBeNull();
  });
});
