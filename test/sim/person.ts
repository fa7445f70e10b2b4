import type { Command } from '../../shared/agent-api/agent-api.ts';
import type { ClusterWorld, Site } from './cluster-world.ts';
import type { World } from './world.ts';

/**
 * The person whom the members call for: does what their sentences ask for, and nothing that they do not say. Answers
 * what was done; null: nobody asks for anything that he could do.
 */
export function help(world: World, cluster: ClusterWorld): string | null {
  for (const site of cluster.sites) {
    const done = doWhatIsAsked(world, cluster, site);
    if (done === null) continue;
    world.say(`a person helps ${cluster.id}: ${done}`);
    return done;
  }
  return null;
}

/** A member says that somebody must do something. */
export function asksAPerson({ sites }: ClusterWorld): boolean {
  return sites.some(({ host }) => {
    const verdict = host.answering()?.served().loop.decision().rule.verdict;
    return verdict === 'ask-admin' || verdict === 'blocked';
  });
}

function doWhatIsAsked(world: World, cluster: ClusterWorld, site: Site): string | null {
  const decision = site.host.answering()?.served().loop.decision().rule;
  switch (decision?.ruleId) {
    case 'R65':
      return command(world, cluster, site, 'allow-failover');
    case 'R08':
      return command(world, cluster, site, 'end-maintenance');
    default:
      return null;
  }
}

function command(world: World, { id }: ClusterWorld, { host }: Site, verb: Command['verb']): string {
  host.command({
    verb,
    cluster: id,
    target: null,
    epoch: host.answering()?.served().parts.memory.current().epoch ?? 0,
    idempotencyKey: `sim-help-${world.schedule.nowMs.toFixed(3)}`,
    reason: 'the members asked for it',
  });
  return verb;
}
