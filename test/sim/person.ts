import { readmitVerb, replaceStoreVerb, type Command } from '../../shared/agent-api/agent-api.ts';
import { storeIsLost, type StoreStanding } from '../../shared/lease/store-replacement.ts';
import type { ClusterWorld, Site } from './cluster-world.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/**
 * The person whom the members call for: does what the sentences of each ask for, and nothing that they do not say; what is
 * refused to one may wait for what the other asks for. Answers what was done; null: nobody asks for anything that he
 * could do.
 */
export function help(world: World, cluster: ClusterWorld): string | null {
  // Much of what is asked for else needs the store first.
  const lost = cluster.sites.find(hasLostStore);
  const done =
    lost === undefined ? doWhatAllAsk(world, cluster) : command(world, cluster, lost, replaceStoreVerb);
  if (done !== null) world.say(`a person helps ${cluster.id}: ${done}`);
  return done;
}

function doWhatAllAsk(world: World, cluster: ClusterWorld): string | null {
  const done = cluster.sites.flatMap((site) => doWhatIsAsked(world, cluster, site) ?? []);
  return done.length === 0 ? null : done.join(', ');
}

/** A member says that somebody must do something. */
export function asksAPerson({ sites }: ClusterWorld): boolean {
  return sites.some(({ host }) => {
    const verdict = host.answering()?.served().loop.decision().rule.verdict;
    return verdict === 'ask-admin' || verdict === 'blocked';
  });
}

/** Asks for the replacement of a lease store that says that it has lost its record, until it is done. */
export function replaceStore(world: World, random: Random, cluster: ClusterWorld): void {
  const { schedule } = world;
  const again = () => {
    if (world.healed) return;
    const site = random.pick([...cluster.sites]);
    if (hasLostStore(site)) command(world, cluster, site, replaceStoreVerb);
    else if (cluster.sites.every(storeWorks)) return;
    schedule.after(random.between(2_000, 6_000), again);
  };
  schedule.after(random.around(8_000), again);
}

function doWhatIsAsked(world: World, cluster: ClusterWorld, site: Site): string | null {
  const decision = site.host.answering()?.served().loop.decision().rule;
  switch (decision?.ruleId) {
    case 'R65':
      return command(world, cluster, site, 'allow-failover');
    case 'R08':
      return command(world, cluster, site, 'end-maintenance');
    case 'R18':
      return command(world, cluster, site, readmitVerb);
    default:
      return null;
  }
}

/** What the member says of its lease store. */
function standing({ host }: Site): StoreStanding['kind'] | undefined {
  return host.answering()?.served().parts.keeper.replacing.standing().kind;
}

function hasLostStore(site: Site): boolean {
  return storeIsLost(standing(site) ?? 'silent');
}

function storeWorks(site: Site): boolean {
  return standing(site) === 'working';
}

function command(world: World, cluster: ClusterWorld, { host }: Site, verb: Command['verb']): string {
  const { id } = cluster;
  const about: Omit<Command, 'verb'> = {
    ...(verb === replaceStoreVerb ? stated(world, cluster, host) : {}),
    cluster: id,
    target: null,
    epoch: host.answering()?.served().parts.memory.current().epoch ?? 0,
    idempotencyKey: `sim-help-${world.schedule.nowMs.toFixed(3)}`,
    reason: 'the members asked for it',
  };
  host.command({ verb, ...about }, (accepted) => {
    if (accepted && verb === replaceStoreVerb) world.note('lease stores replaced');
    if (accepted && verb === readmitVerb) world.note('members re-admitted');
  });
  return verb;
}

/** What he states of the other server where he keeps it off: the replacement does not wait for its answer then. */
function stated(world: World, { id, sites }: ClusterWorld, asked: Site['host']): Partial<Command> {
  const keptOff = sites.some(({ host, machine }) => host !== asked && world.keptOff.has(machine.id));
  return keptOff ? { statement: 'power-off', typedName: id } : {};
}
