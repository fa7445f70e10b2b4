import { giveUp, switchOnWhenSafe, takeOverByForce } from '../forced-takeover.ts';
import { replaceStore } from '../person.ts';
import { witnessServer } from '../setting.ts';
import { damageRecord, damageState, recordsAreWhole, stateIsKnown } from '../state-damage.ts';
import type { Fault } from './fault.ts';

/** Faults after which nothing comes back by itself: the members must say what a person has to do, and it must help. */
export const lostFaults: readonly Fault[] = [
  {
    name: 'a server is lost for long, and a person forces the other one to take over',
    local: false,
    weight: 2,
    needsPerson: true,
    strike: ({ world, random, site, forMs, afterwards }) => {
      if (world.keptOff.size > 0) return;
      giveUp(world, site.machine);
      const store = world.machine(witnessServer);
      if (random.chance(0.6)) {
        world.schedule.after(random.around(3_000), () => {
          if (!world.healed) world.powerOff(store);
        });
        afterwards(() => world.powerOn(store));
      }
      const triesUntilMs = world.schedule.nowMs + Math.max(forMs, 30_000);
      for (const cluster of world.clusters)
        takeOverByForce(world, random, cluster, site.machine, triesUntilMs);
      switchOnWhenSafe(world, site.machine, triesUntilMs);
    },
  },
  {
    name: 'the lease store loses its disk',
    local: false,
    weight: 1,
    needsPerson: true,
    strike: ({ world, random }) => {
      // What two of the three keep on their disks must be left: nobody could say what the highest epoch was.
      if (!world.clusters.every(stateIsKnown)) return;
      world.witness.kill();
      world.machine(witnessServer).disk.wipe();
      for (const cluster of world.clusters) replaceStore(world, random, cluster);
    },
  },
  {
    name: "the lease store's record is damaged",
    local: false,
    weight: 1,
    needsPerson: true,
    strike: ({ world, random, cluster }) => {
      if (!stateIsKnown(cluster) || !damageRecord(world, random, cluster)) return;
      world.witness.kill();
      replaceStore(world, random, cluster);
    },
  },
  {
    name: 'a state file is damaged',
    local: true,
    weight: 2,
    needsPerson: true,
    strike: ({ world, random, cluster, site }) => {
      if (!recordsAreWhole(world, cluster) || !damageState(world, random, site)) return;
      // Noticed when it is read the next time: at the next start of the agent.
      if (random.chance(0.7) && world.guarded(site)) site.host.kill();
    },
  },
];
