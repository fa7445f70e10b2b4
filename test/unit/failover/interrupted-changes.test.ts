import { describe, expect, it } from 'vitest';
import { names, otherOf, timing, type Name, type Site } from '../../world/world-server.ts';
import { World } from '../../world/world.ts';

/**
 * Goal: a change that is cut off anywhere ends as done or rolled back, with one Active and never two engines.
 * Method: every plan is run once to count its effects; then once for every effect and every way to be cut off there.
 */
interface Plan {
  readonly name: string;
  readonly site?: Site;
  /** Where the cluster is when the change begins. */
  readonly from: Name;
  readonly begin: (world: World) => void;
  /** The change whose end is asked for: `north switchover`; none for what no person or rule has asked for. */
  readonly ends: string | null;
  /** The Active gives its lease back, so that nobody waits until it has run out. */
  readonly planned?: boolean;
}

const asked = (world: World, on: Name, verb: Parameters<World['ask']>[1]) => {
  const answer = world.ask(on, verb);
  if (!answer.accepted) throw new Error(answer.error.message);
};
const forced = (world: World, withoutStore: boolean) => {
  const said = { typedName: 'WK1', reason: 'lost', statement: 'power-off', withoutStore } as const;
  const answer = world.ask('south', 'force-takeover', said);
  if (!answer.accepted) throw new Error(answer.error.message);
};
const plans: readonly Plan[] = [
  {
    name: 'switchover',
    from: 'north',
    begin: (world) => asked(world, 'north', 'switchover'),
    ends: 'north switchover',
    planned: true,
  },
  {
    name: 'handover',
    from: 'north',
    begin: (world) => asked(world, 'north', 'handover'),
    ends: 'north handover',
    planned: true,
  },
  {
    name: 'failback',
    from: 'south',
    begin: (world) => asked(world, 'south', 'failback'),
    ends: 'south failback',
    planned: true,
  },
  {
    name: 'failback by rule',
    site: { failbackAfterMs: 5_000 },
    from: 'south',
    begin: (world) => {
      if (!world.until(() => world.servers.south.disk.operation !== null, 30_000))
        throw new Error('no failback');
    },
    ends: 'south failback',
    planned: true,
  },
  { name: 'failover', from: 'north', begin: (world) => world.killServer('north'), ends: null },
  {
    name: 'failover that is asked for',
    from: 'north',
    begin: (world) => {
      world.killServer('north', 60_000);
      world.servers.south.told.set('lease.block', { why: 'by hand', by: 'admin-1', leftMs: 1e9 });
      if (!world.until(() => world.facts('south')?.lease.freeInMs === 0, 10_000))
        throw new Error('never free');
      asked(world, 'south', 'failover');
      world.servers.south.told.clear();
    },
    ends: 'south failover',
  },
  {
    name: 'forced takeover through the store',
    from: 'north',
    begin: (world) => {
      world.killServer('north', 90_000);
      world.run(2_000);
      forced(world, false);
    },
    ends: 'south force-takeover',
  },
  {
    name: 'forced takeover without the store',
    from: 'north',
    begin: (world) => {
      // The other server stays off until the store knows of the takeover: that is what the person has stated.
      world.killServer('north', 90_000);
      world.silence('store', 40_000);
      world.run(6_000);
      forced(world, true);
    },
    ends: 'south force-takeover',
  },
  { name: 'local restart', from: 'north', begin: (world) => world.killEngine('north'), ends: null },
  {
    name: 'handover after too many crashes',
    site: { localRestarts: 0 },
    from: 'north',
    begin: (world) => world.killEngine('north'),
    ends: null,
  },
];

const limitMs = 120_000;

/** The plan's beginning: the cluster served where it should be, and quiet for a while. */
function before(plan: Plan): World {
  const world = new World(plan.site);
  const quiet = () => world.settled() && world.ends.length > 0;
  if (!world.until(quiet, limitMs)) throw new Error('it never became Active');
  if (plan.from === 'south') {
    world.killServer('north', 10_000);
    const ready = () =>
      world.active() === 'south' && quiet() && world.facts('south')?.peer.blockers?.length === 0;
    if (!world.until(ready, limitMs)) throw new Error('no failover');
  }
  world.ends.length = 0;
  return world;
}

/** Runs to its end, cutting off after effect number `at`; answers the world and what the effects were. */
function play(
  plan: Plan,
  at: number,
  cut: (world: World, actor: Name) => void,
): { world: World; effects: string[] } {
  const world = before(plan);
  world.withoutActiveMs = 0;
  plan.begin(world);
  const effects: string[] = [];
  world.onEffect = (server, effect) => {
    effects.push(`${server} ${effect}`);
    if (effects.length === at) cut(world, server);
  };
  world.turn();
  const ended = () => plan.ends === null || world.ends.some((end) => end.startsWith(plan.ends ?? ''));
  world.until(() => world.settled() && pollersOn(world) && ended(), limitMs);
  return { world, effects };
}

function pollersOn(world: World): boolean {
  const active = world.active();
  return active !== null && world.servers[active].engine.pollers;
}

function problems(
  plan: Plan,
  { world, effects }: { world: World; effects: string[] },
  what: string,
): string[] {
  const at = `${plan.name}, ${what} after "${effects.at(-1) ?? 'nothing'}"`;
  const found = world.violations.map((violation) => `${at}: ${violation}`);
  const active = world.active();
  if (active === null || !world.settled()) return [...found, `${at}: no Active, or a change stays open`];
  const { engine } = world.servers[active];
  if (!engine.listeners || !engine.pollers)
    found.push(`${at}: ${active} serves without its components or pollers`);
  if (world.servers[otherOf(active)].engine.running) found.push(`${at}: the other engine runs`);
  const own = world.ends.filter((end) => plan.ends !== null && end.startsWith(plan.ends));
  // Whoever was asked to take over and finds the other one back in its place has failed, and says so.
  const mayFail =
    (plan.ends?.endsWith('failover') === true && !plan.ends.startsWith(active)) ||
    // The other server comes back while its fence is still needed: what the person has stated is not true any more.
    (plan.ends?.endsWith('force-takeover') === true && what === 'both servers lose power');
  const well = mayFail ? / (done|failed)$/ : / (done|rolled-back)$/;
  if (plan.ends !== null && !own.some((end) => well.test(end))) {
    found.push(`${at}: it ended as ${own.join(', ') || 'nothing at all'}`);
  }
  return found;
}

function diesAgain(world: World, actor: Name, times: number): void {
  world.killAgent(actor);
  const watching = world.onEffect;
  let left = times;
  world.onEffect = (server, effect) => {
    watching(server, effect);
    if (left > 0) world.killAgent(server);
    left -= 1;
  };
}

const cuts: readonly [string, (world: World, actor: Name) => void][] = [
  ['its agent dies', (world, actor) => world.killAgent(actor)],
  ['its server loses power', (world, actor) => world.killServer(actor)],
  ['its engine dies', (world, actor) => world.killEngine(actor)],
  ["the other one's agent dies", (world, actor) => world.killAgent(otherOf(actor))],
  ['the other server loses power', (world, actor) => world.killServer(otherOf(actor))],
  ['both agents die', (world) => names.forEach((name) => world.killAgent(name))],
  ['both servers lose power', (world) => names.forEach((name) => world.killServer(name))],
  ['its agent dies, and again at the next three effects', (world, actor) => diesAgain(world, actor, 3)],
  ['the store is silent for a while', (world) => world.silence('store', 8_000)],
  ['the members do not hear each other for a while', (world) => world.silence('link', 8_000)],
];

describe('a change cut off after any of its effects', () => {
  it.each(plans.map((plan) => [plan.name, plan] as const))(
    '%s ends as done or rolled back, with one Active',
    (_name, plan) => {
      const whole = play(plan, Infinity, () => undefined);
      expect(problems(plan, whole, 'whole')).toEqual([]);
      if (plan.planned === true) expect(whole.world.withoutActiveMs).toBeLessThan(timing.T * 1000);
      const found: string[] = [];
      for (let at = 1; at <= whole.effects.length; at += 1) {
        for (const [what, cut] of cuts) {
          const played = play(plan, at, cut);
          found.push(...problems(plan, { ...played, effects: played.effects.slice(0, at) }, what));
        }
      }
      expect(found).toEqual([]);
      expect(whole.effects.length).toBeGreaterThan(5);
    },
    60_000,
  );
});
