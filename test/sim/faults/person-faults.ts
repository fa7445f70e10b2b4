import type { Command } from '../../../shared/agent-api/agent-api.ts';
import type { Random } from '../random.ts';
import type { Fault, Target } from './fault.ts';

/** What people ask for, at any moment; none of it is a fault, and all of it may come at a bad time. */
export const personFaults: readonly Fault[] = [
  {
    name: 'a person asks for a change',
    local: true,
    weight: 4,
    strike: (target) => {
      const verb = target.random.pick(['switchover', 'handover'] as const);
      for (const { host } of target.cluster.sites) host.command(commandOf(target, verb, host.name));
    },
  },
  {
    name: 'two people ask at once',
    local: true,
    weight: 1,
    strike: (target) => {
      const { site, random } = target;
      const first = commandOf(target, 'switchover', 'one');
      const second = random.chance(0.5) ? first : commandOf(target, 'handover', 'two');
      for (const command of [first, second, first]) site.host.command(command);
    },
  },
  {
    name: 'a person holds or frees the cluster',
    local: true,
    weight: 2,
    strike: (target) => {
      const { site, random } = target;
      const verbs = ['maintenance', 'end-maintenance', 'block-failover', 'allow-failover'] as const;
      site.host.command({ ...commandOf(target, random.pick(verbs), 'policy'), minutes: minutesOf(random) });
    },
  },
];

/** Mostly over before everything ends, sometimes forgotten. */
function minutesOf(random: Random): number {
  return random.chance(0.3) ? 60 : random.between(0.1, 1);
}

function commandOf({ world, cluster }: Target, verb: Command['verb'], who: string): Command {
  const epochs = cluster.sites.map(
    ({ host }) => host.answering()?.served().parts.memory.current().epoch ?? 0,
  );
  return {
    verb,
    cluster: cluster.id,
    target: null,
    epoch: Math.max(...epochs),
    idempotencyKey: `sim-${who}-${world.schedule.nowMs.toFixed(3)}`,
    reason: 'asked by the simulation',
  };
}
