import { changeBlockers } from '../../shared/failover/blockers.ts';
import { goodManners } from './engine-unit.ts';
import type { ClusterWorld, Site } from './cluster-world.ts';
import type { World } from './world.ts';

/** Ends every fault: from here on nothing is wrong but what the faults have left behind. */
export function heal(world: World): void {
  world.say('every fault ends');
  world.healed = true;
  world.accidents = { ends: 0, stalls: 0 };
  world.network.healAll();
  for (const machine of world.machines.values()) {
    machine.disk.trouble = null;
    machine.memory.trouble = null;
    machine.sluggishMs = 0;
    if (machine.shuttingDown) world.powerOff(machine);
    world.powerOn(machine);
    if (machine.isFrozen()) world.thaw(machine);
    for (const program of machine.programs) program.thaw();
  }
  for (const { sites, storage } of world.clusters) {
    for (const { machine, unit, guards, host } of sites) {
      unit.manners = { ...goodManners };
      storage.show(machine.id, 'fine');
      host.heldDown = false;
      host.start();
      for (const guard of guards) {
        guard.thaw();
        guard.startAfter(100);
      }
    }
  }
}

/** Null when the cluster has exactly one Active that does its work; else what its members say. */
export function cured({ sites }: ClusterWorld): string | null {
  const working = sites.filter(works);
  if (working.length === 1) return null;
  const rules = sites.map(({ host }) => {
    const rule = host.answering()?.served().loop.decision().rule;
    return rule === undefined ? 'no agent' : `${rule.ruleId} ${rule.headline}: ${rule.reason}`;
  });
  return `${working.length} members work; ${rules.join(' | ')}`;
}

/** Null when the cluster is served and its other member could take over; else what is missing. */
export function protectedAgain(cluster: ClusterWorld): string | null {
  const ill = cured(cluster);
  if (ill !== null) return ill;
  const passive = cluster.sites.find((site) => !works(site));
  const facts = passive?.host.answering()?.served().loop.decision().facts;
  if (facts === undefined) return 'the other member does not answer';
  const [blocker] = changeBlockers(facts);
  return blocker === undefined ? null : `${facts.self.name} could not take over: ${blocker.reason}`;
}

function works({ unit, host }: Site): boolean {
  const { process } = unit;
  const active = host.answering()?.balancerAnswers().active() === true;
  return process?.listeners === true && process.pollers && unit.answers() && active;
}
