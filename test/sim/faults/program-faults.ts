import type { Site } from '../cluster-world.ts';
import type { Fault } from './fault.ts';

export const programFaults: readonly Fault[] = [
  {
    name: 'the agent is killed',
    local: true,
    weight: 4,
    strike: ({ world, site }) => {
      if (world.guarded(site)) site.host.kill();
    },
  },
  {
    name: 'the agent is down for a while',
    local: true,
    weight: 2,
    margins: true,
    survivable: 'moved',
    strike: ({ world, site, afterwards }) => {
      if (!world.guarded(site)) return;
      site.host.heldDown = true;
      site.host.kill();
      afterwards(() => {
        site.host.heldDown = false;
        site.host.start();
      });
    },
  },
  {
    name: 'the agent freezes',
    local: true,
    weight: 4,
    margins: true,
    survivable: 'moved',
    strike: ({ world, site, forMs }) => {
      if (world.guarded(site)) site.host.program?.freeze(world.schedule.nowMs + forMs);
    },
  },
  {
    name: 'a guard freezes',
    local: true,
    weight: 2,
    survivable: 'moved',
    strike: ({ world, site, random, forMs }) => {
      const [hurt, other] = random.chance(0.5) ? site.guards : [site.guards[1], site.guards[0]];
      if (other.healthy() || agentTurns(site)) hurt.freeze(world.schedule.nowMs + forMs);
    },
  },
  {
    name: 'a guard is killed',
    local: true,
    weight: 2,
    survivable: 'moved',
    strike: ({ site, random, afterwards }) => {
      const [hurt, other] = random.chance(0.5) ? site.guards : [site.guards[1], site.guards[0]];
      if (!other.healthy() && !agentTurns(site)) return;
      const held = random.chance(0.3);
      hurt.kill(held);
      if (held) afterwards(() => hurt.startAfter(100));
    },
  },
  {
    name: 'the lease store is killed',
    local: false,
    weight: 2,
    margins: true,
    strike: ({ world }) => world.witness.kill(),
  },
  {
    name: 'the lease store freezes',
    local: false,
    weight: 2,
    strike: ({ world, forMs }) => world.witness.program?.freeze(world.schedule.nowMs + forMs),
  },
  {
    name: 'the agent is killed again and again',
    local: true,
    weight: 2,
    survivable: 'moved',
    strike: ({ world, site, random, forMs }) => {
      const untilMs = world.schedule.nowMs + forMs;
      const again = () => {
        if (world.schedule.nowMs > untilMs || world.healed) return;
        if (world.guarded(site)) site.host.kill();
        world.schedule.after(random.between(50, 1_500), again);
      };
      again();
    },
  },
  {
    name: 'both guards are down',
    local: true,
    weight: 1,
    survivable: 'moved',
    strike: ({ site, afterwards }) => {
      // The agent alone must stop the engine then, so it must be able to.
      if (!agentTurns(site) || site.machine.sluggishMs > 0) return;
      for (const guard of site.guards) guard.kill(true);
      afterwards(() => site.guards.forEach((guard) => guard.startAfter(100)));
    },
  },
  {
    name: 'the agent is gone for longer than the lease',
    local: true,
    weight: 2,
    margins: true,
    strike: ({ world, site, random, cluster }) => {
      if (!world.guarded(site)) return;
      site.host.program?.freeze(world.schedule.nowMs + cluster.timing.T * 1000 * random.between(1.1, 1.6));
    },
  },
];

function agentTurns({ host }: Site): boolean {
  return host.member !== null && host.program?.turns() === true;
}
