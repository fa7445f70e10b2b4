import { formatSpan } from '../../fleet/age.ts';
import { recoveryEstimate } from '../../fleet/recovery.ts';
import { failed, notApplicable, ok, unknown, warning, type CheckDefinition, type Judged } from '../check.ts';
import { roomByPreflight } from './capacity.ts';
import { agoMs, type ClusterScene, type KeptRecord, type SiteScene } from '../scene.ts';

const design = { section: 'design', stage: 'design', every: 'at each change of the site' } as const;

const yearMs = 365 * 24 * 3_600_000;

/** Design and plan. */
export const designChecks: readonly CheckDefinition[] = [
  {
    ...design,
    id: 'D01',
    title: 'The design was chosen for reasons that are written down',
    why: 'What a site needs of order, pollers and throughput decides which guarantees it can rest on.',
    protects: ['failover', 'no-loss', 'position', 'order'],
    remedy: 'Answer the five questions of the advisor and decide there, or note where the record is kept.',
    every: 'once a year',
    place: 'advisor',
    how: { by: 'person', asks: 'site', validDays: 365, settled: (scene) => byRecord(scene, scene.decided) },
  },
  {
    ...design,
    id: 'D02',
    title: 'What is installed is one of the two designs',
    why: 'Clusters that all prefer one server leave the other idle without being an Active–Passive pair.',
    protects: ['failover', 'isolation'],
    requires: 'instances',
    remedy: 'Give each cluster one preferred member, and cross them over the servers.',
    how: { by: 'agent', site: judgeDesign },
  },
  {
    ...design,
    id: 'D03',
    title:
      'Every interface belongs to one cluster, and those that depend on each other’s order to the same one',
    why: 'Order is kept within a cluster only.',
    protects: ['order', 'isolation'],
    requires: 'partition',
    remedy: 'List the interfaces with their clusters, and have their owner read the list.',
    every: 'at each new interface',
    how: { by: 'person', asks: 'site', validDays: 180, settled: ofOneCluster },
  },
  {
    ...design,
    id: 'D04',
    title: 'Each server can carry all clusters at once',
    why: 'After a failover one server does the work of both.',
    protects: ['failover', 'isolation'],
    requires: 'partition',
    stage: 'infrastructure',
    remedy:
      'Look at the servers while every engine is at work: npm run site -- preflight FILE; or measure processor, memory, disk and licence with all clusters on one server.',
    every: 'once a year',
    place: 'servers',
    how: {
      by: 'person',
      asks: 'site',
      validDays: 365,
      settled: (scene) => ofOneCluster(scene) ?? roomByPreflight(scene),
    },
  },
  {
    ...design,
    id: 'D05',
    title: 'The computed time without an Active is within the goal',
    why: 'Senders wait that long after a server has died.',
    protects: ['failover'],
    stage: 'behaviour',
    remedy: 'Choose a faster preset, speed up the start of the engine, or agree on another goal.',
    every: 'always',
    place: 'setup',
    how: { by: 'agent', cluster: judgeGoal },
  },
  {
    ...design,
    id: 'D06',
    title: 'The last takeover took no longer than the goal',
    why: 'Computed times rest on what was measured before; a takeover shows all of it at once.',
    protects: ['failover'],
    section: 'drills',
    stage: 'behaviour',
    remedy: 'Look in the timeline where the time of that takeover went.',
    every: 'after each drill',
    place: 'timeline',
    how: { by: 'agent', cluster: judgeLastTakeover },
  },
  {
    ...design,
    id: 'D07',
    title: 'The failover behaviour was read and accepted by its owner',
    why: 'Who owns the interfaces must know what senders see during a failover, and what is left to a person.',
    protects: ['failover', 'no-loss', 'order'],
    stage: 'behaviour',
    remedy: 'Have the owner read what happens at each fault of this site, and accept it.',
    every: 'once a year',
    place: 'behaviour',
    how: { by: 'person', asks: 'site', validDays: 365, settled: (scene) => byRecord(scene, scene.accepted) },
  },
];

/** A record that the product itself keeps answers the question, for as long as the site is what it was made for. */
function byRecord(scene: SiteScene, record: KeptRecord | null): Judged | null {
  if (record === null) return null;
  const { says, at, change } = record;
  if (change !== null) return failed(`${says}; changed since: ${change}`);
  const ageMs = agoMs(scene, at);
  return ageMs > yearMs ? warning(`${says}, more than a year ago`, ageMs) : ok(says, ageMs);
}

function ofOneCluster({ document }: SiteScene): Judged | null {
  return document.clusters.length === 1 ? notApplicable('The site has one cluster.') : null;
}

function judgeDesign({ document }: SiteScene): Judged {
  const preferred = document.clusters.map(({ id, members }) => ({
    id,
    servers: members.filter((member) => member.preferred).map(({ server }) => nameOf(document, server)),
  }));
  const vague = preferred.filter(({ servers }) => servers.length !== 1).map(({ id }) => id);
  if (vague.length > 0) return failed(`${vague.join(', ')} has not exactly one preferred member`);
  const told = preferred.map(({ id, servers }) => `${id} prefers ${servers[0]}`).join(', ');
  if (preferred.length === 1) return ok(`Active–Passive: ${told}`);
  const places = new Set(preferred.map(({ servers }) => servers[0]));
  return places.size > 1
    ? ok(`Multi-Cluster with ${preferred.length} clusters: ${told}`)
    : warning(`${preferred.length} clusters, and all prefer ${[...places][0]}: the other server waits`);
}

function nameOf({ servers }: SiteScene['document'], id: string): string {
  return servers.find((server) => server.id === id)?.name ?? id;
}

const stateGoal = 'State the goal at the top of the readiness page.';

function judgeGoal({ sight, site }: ClusterScene): Judged {
  const active = sight.members.find(({ role }) => role.kind === 'active');
  const estimate = recoveryEstimate(sight, active);
  if (estimate === null) return unknown('Neither member has told its timing yet');
  const { typicalMs, worstMs, storageMs, engineStart } = estimate;
  const told = `typical ${formatSpan(typicalMs)}, worst ${formatSpan(worstMs)} (computed)`;
  const ageMs = active?.heardMs ?? null;
  if (site.goalSeconds === null) return unknown(`No goal is stated; ${told}`, stateGoal);
  const against = `${told}, goal ${site.goalSeconds} s`;
  if (worstMs > site.goalSeconds * 1000) return failed(against, ageMs);
  if (storageMs === null || engineStart === null) {
    return unknown(
      `${against}; the ${engineStart === null ? 'start of the engine' : 'storage'} was not measured yet`,
    );
  }
  return ok(against, ageMs);
}

function judgeLastTakeover({ document, site }: ClusterScene): Judged {
  if (typeof site.journals === 'string') return unknown(site.journals);
  const last = site.journals.moves.find(({ cluster, takeover }) => cluster === document.id && takeover);
  const drill = 'Rehearse a failover.';
  if (last === undefined) return unknown('No takeover is in the journals of the last 90 days', drill);
  const when = last.wallTime.slice(0, 10);
  if (last.withoutActiveMs === null) return unknown(`The journals do not tell how long that of ${when} took`);
  const took = `The takeover of ${when} took ${formatSpan(last.withoutActiveMs)}`;
  const ageMs = Math.max(0, Date.parse(site.wallTime) - Date.parse(last.wallTime));
  if (site.goalSeconds === null) return unknown(`${took}, and no goal is stated`, stateGoal);
  return last.withoutActiveMs <= site.goalSeconds * 1000
    ? ok(`${took}, goal ${site.goalSeconds} s`, ageMs)
    : failed(`${took}, goal ${site.goalSeconds} s`, ageMs);
}
