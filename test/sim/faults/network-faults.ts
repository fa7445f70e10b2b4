import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import { balancerServer, servers, witnessServer } from '../setting.ts';
import type { Fault } from './fault.ts';

export const networkFaults: readonly Fault[] = [
  {
    name: 'a way is cut',
    local: false,
    weight: 6,
    strike: ({ world, machine, random, afterwards }) => {
      const [one, other] = someLink(random, machine);
      const there: [string, string] = [one, other];
      const back: [string, string] = [other, one];
      const ways = random.pick([[there], [back], [there, back]]);
      for (const [from, to] of ways) world.network.way(from, to).cut = true;
      world.say(`cut: ${ways.map(([from, to]) => `${from} to ${to}`).join(', ')}`);
      afterwards(() => ways.forEach(([from, to]) => world.network.reconnect(from, to)));
    },
  },
  {
    name: 'a machine is cut off',
    local: false,
    weight: 4,
    survivable: 'moved',
    strike: ({ world, machine, random, afterwards }) => {
      const others = [...world.machines.keys()].filter((id) => id !== machine.id);
      const pairs = others.flatMap((id): [string, string][] => [
        [machine.id, id],
        [id, machine.id],
      ]);
      const cut = random.chance(0.5) ? pairs : pairs.filter(([from]) => from === machine.id);
      for (const [from, to] of cut) world.network.way(from, to).cut = true;
      afterwards(() => cut.forEach(([from, to]) => world.network.reconnect(from, to)));
    },
  },
  {
    name: 'a way is bad',
    local: false,
    weight: 4,
    strike: ({ world, machine, random, cluster, afterwards }) => {
      const [from, to] = someLink(random, machine);
      const way = world.network.way(from, to);
      const { delayMs, jitterMs } = way;
      const limitMs = cluster.timing.O * 1000;
      Object.assign(way, {
        // Often about as slow as an answer may be to be used, or a connection to be kept.
        delayMs: random.chance(0.5) ? random.around(100) : limitMs * random.between(0.3, 2.2),
        jitterMs: random.around(300),
        loss: random.chance(0.5) ? random.between(0, 0.4) : 0,
        twice: random.chance(0.3) ? 0.3 : 0,
        reorder: random.chance(0.3) ? 0.5 : 0,
      });
      afterwards(() => Object.assign(way, { delayMs, jitterMs, loss: 0, twice: 0, reorder: 0 }));
    },
  },
  {
    name: 'the lease store is slow to reach',
    local: false,
    weight: 3,
    margins: true,
    strike: ({ world, site, random, cluster, afterwards }) => {
      const there = world.network.way(site.machine.id, witnessServer);
      const back = world.network.way(witnessServer, site.machine.id);
      const { delayMs, jitterMs } = back;
      const limitMs = cluster.timing.O * 1000;
      const slow = random.pick([[there], [back], [there, back]]);
      for (const way of slow)
        Object.assign(way, { delayMs: limitMs * random.between(0.3, 1.9), jitterMs: 20 });
      afterwards(() => slow.forEach((way) => Object.assign(way, { delayMs, jitterMs })));
    },
  },
  {
    // The member that hears so late may believe in its lease for no longer than one that hears at once.
    name: 'the Active hears the lease store late, then not at all, and its agent is gone',
    local: false,
    weight: 3,
    margins: true,
    strike: ({ world, site, random, cluster }) => {
      if (site.unit.process === null) return;
      const { id } = site.machine;
      const { T, H, O } = cluster.timing;
      const { network, schedule } = world;
      const back = network.way(witnessServer, id);
      const { delayMs, jitterMs } = back;
      const lateMs = O * 1000 * random.between(1, 1.9);
      const peers = servers.filter((other) => other !== id);
      const cut: [string, string][] = peers.flatMap((peer) => [
        [id, peer],
        [peer, id],
      ]);
      const end = () => {
        for (const [from, to] of [...cut, [id, witnessServer] as const]) network.reconnect(from, to);
        Object.assign(back, { delayMs, jitterMs });
      };
      for (const [from, to] of cut) network.way(from, to).cut = true;
      Object.assign(back, { delayMs: lateMs, jitterMs: 0 });
      schedule.after(2 * H * 1000 + lateMs, () => {
        if (world.healed) return;
        network.way(id, witnessServer).cut = true;
        schedule.after(lateMs + 20, () => {
          const untilMs = schedule.nowMs + T * 1000 * 1.5;
          if (!world.healed && world.guarded(site)) site.host.program?.freeze(untilMs);
        });
        schedule.after(T * 1000 * 2, () => {
          if (!world.healed) end();
        });
      });
    },
  },
];

/** The way between lease store and a member is the one that most depends on. */
function someLink(random: Random, machine: Machine): [string, string] {
  const { id } = machine;
  if (id !== witnessServer && random.chance(0.4))
    return random.chance(0.5) ? [id, witnessServer] : [witnessServer, id];
  const one = random.pick([...servers]);
  const others = [...servers, witnessServer, balancerServer].filter((id) => id !== one);
  const other = random.pick(others);
  return random.chance(0.5) ? [one, other] : [other, one];
}
