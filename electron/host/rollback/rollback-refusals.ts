import { productError, type ProductError } from '../../../shared/errors.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { witnessServerOf } from '../../../shared/site/site-rules.ts';
import type { ServerFacts } from '../../../shared/preflight/server-facts.ts';
import { unprotectedWhy } from '../../../shared/upgrade/member-health.ts';
import { isOlder, productVersionOf } from '../../../shared/upgrade/program-version.ts';
import { carriedConfigurations } from '../install/configured-work.ts';
import { runningLeaving } from '../install/leaving-parts.ts';
import { keptAuthority } from '../install/profile.ts';
import { placesOf, witnessConfigPath } from '../install/server-paths.ts';
import type { ServerWork } from '../install/server-work.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import { askMembers, askWitness } from '../upgrade/ask-site.ts';
import type { Switch } from '../upgrade/server-versions.ts';
import { keptRefusals } from './kept-files.ts';
import type { OtherServer, Rollback } from './look-at-rollback.ts';

type Again = Extract<Rollback, { kind: 'again' }>;

/**
 * Why one server must not be put back as it was; none: it may. What is not known counts as in use, except where this
 * server itself proves that nothing of the site was ever armed. Errors: rollback.active, rollback.in-use,
 * rollback.others-differ, rollback.unsure, ssh.*.
 */
export async function rollbackRefusals(
  look: Rollback,
  site: SiteDocument,
  profileDirectory: string,
): Promise<ProductError[]> {
  const active = runningEngines(look);
  if (active.length > 0) return active;
  if (look.unproven !== null) return [upgradeUnproven(look, look.unproven)];
  const inUse = takenInUse(look);
  if (inUse.length > 0 || look.kind === 'first') return inUse;
  return [
    ...againRefusals(look),
    ...keptRefusals(look),
    ...(await othersDiffer(look, site, profileDirectory)),
    ...(await storeRefusals(look)),
  ];
}

/** Engines that the product holds here, and that run or may run. */
function runningEngines({ work, parts }: Rollback): ProductError[] {
  const { facts, wanted } = work;
  const held = facts.found.gates.map((gate) => ({ ...gate, clusterStays: true }));
  return runningLeaving({ ...parts, engines: held }).map(({ unit, cluster, engine }) => {
    const said = `${unit} of ${cluster || 'an unknown cluster'} runs on ${wanted.server.name} (${engine.activeState || 'not known'}): it is the Active.`;
    return productError('rollback.active', said);
  });
}

/** Its own record of the version before would stay, and count for the next upgrade. */
function upgradeUnproven({ work }: Rollback, { from, to }: Switch): ProductError {
  const said = `An upgrade of ${work.wanted.server.name} from ${from} to ${to} was interrupted.`;
  const next = 'Run the upgrade again: it goes on, or back to the version before, by itself.';
  return productError('rollback.unsure', said, [], next);
}

/** An agent that may start its engine has run here; one of a site that is only observed holds no gate. Pure. */
export function isArmed({ found }: ServerFacts, cluster: string): boolean {
  return (
    found.gates.some((gate) => gate.cluster === cluster) &&
    found.members.some((member) => member.cluster === cluster && member.hasRun)
  );
}

/** What would be taken off, and others work with it. */
function takenInUse(look: Rollback): ProductError[] {
  const { work, parts, others } = look;
  const { name } = work.wanted.server;
  const shared = parts.witness || parts.balancer;
  // The mark of a shared directory belongs to the other members too, also where none lies here.
  const marked = parts.marks.map(({ mark }) => mark.split(' ')[1] ?? '');
  const taken = new Set([...parts.members, ...marked]);
  const armed = others.flatMap(({ work: other }) =>
    (other?.facts.found.gates ?? [])
      .map(({ cluster }) => cluster)
      .filter((cluster) => other !== null && isArmed(other.facts, cluster))
      .filter((cluster) => shared || taken.has(cluster))
      .map((cluster) => `${cluster} is armed on ${other!.wanted.server.name}`),
  );
  if (armed.length > 0) {
    const what = taken.size > 0 ? `its part of ${[...taken].join(', ')}` : 'what it carries';
    return [productError('rollback.in-use', `${name} cannot lose ${what} alone.`, [...new Set(armed)])];
  }
  const silent = others.filter((other) => other.work === null).map(({ id }) => id);
  if (silent.length === 0 || isNeverArmed(look)) return [];
  if (!shared && taken.size === 0) return [];
  const said = `${silent.join(', ')} could not be looked at, and may be armed with what ${name} carries.`;
  return [productError('rollback.unsure', said)];
}

/**
 * Whether this server alone shows that no agent was ever started: guards of every member are proven, and the lease store
 * is given its records, before the first agent is. Only in a site that was never installed completely: an armed one may
 * have got this server later.
 */
function isNeverArmed({ work: { facts, wanted }, parts, installed }: Rollback): boolean {
  if (installed !== null || wanted.observes) return false;
  const proven = parts.members.some(
    (cluster) => facts.proofs.has(placesOf(cluster).guardProof) || facts.memories.has(cluster),
  );
  const hasRun = facts.found.members.some((member) => member.hasRun);
  return !proven && !hasRun && facts.leases.size === 0 && parts.members.length + (parts.witness ? 1 : 0) > 0;
}

/** What was taken off by the work cannot be brought back, and neither can another engine of a member. */
function againRefusals({ work, parts, then }: Again): ProductError[] {
  const { facts, wanted } = work;
  const gone = wanted.engines
    .map(({ cluster }) => cluster)
    .filter((cluster) => !facts.found.members.some((member) => member.cluster === cluster));
  const reasons = [
    ...gone.map((cluster) => `its member of ${cluster} was taken off with its journal`),
    ...parts.changedEngines.map((cluster) => `its member of ${cluster} holds another engine service by now`),
    ...(wanted.isWitness && !facts.found.witness ? ['its witness was taken off with its records'] : []),
  ];
  if (reasons.length === 0) return [];
  const said = `${wanted.server.name} cannot be put back alone as it was in ${then.name}.`;
  return [productError('rollback.others-differ', said, reasons)];
}

/** Members of a cluster and its lease store follow one document: the others must be as the one of before says. */
async function othersDiffer(
  { work, then, others, installed }: Again,
  site: SiteDocument,
  profileDirectory: string,
): Promise<ProductError[]> {
  const { wanted } = work;
  const concerned = then.clusters
    .filter(({ members }) => wanted.isWitness || members.some(({ server }) => server === wanted.server.id))
    .map(({ id }) => id);
  const sites = [then, site, ...(installed ? [installed] : [])];
  const partners = others.filter(({ id }) => sites.some((one) => isPartner(one, id, concerned)));
  const silent = partners.filter((other) => other.work === null).map(({ id }) => id);
  if (silent.length > 0) {
    const said = `${silent.join(', ')} could not be looked at: how its members are configured is not known.`;
    return [productError('rollback.unsure', said)];
  }
  const works = partners.flatMap((other) => other.work ?? []);
  const carried = await carriedConfigurations(works, site.id, (await keptAuthority(profileDirectory)) ?? '');
  if (!carried.ok) return carried.error;
  const documents = carried.value.map(({ configuration }) => configuration.site);
  // The files themselves count: a change may have come only so far.
  const differing = [
    ...works.flatMap((other) => differingFiles(other, concerned)),
    ...others.flatMap((other) => strangers(other, then, wanted.isWitness ? null : concerned)),
  ];
  if (differing.length === 0) return [];
  const said = `${wanted.server.name} was configured for the site as it was before, and the other servers are not any more.`;
  const fields = documents.flatMap((one) => documentChanges(then, one));
  return [productError('rollback.others-differ', said, [...differing, ...new Set(fields)])];
}

function isPartner(site: SiteDocument, server: string, concerned: readonly string[]): boolean {
  return (
    witnessServerOf(site) === server ||
    site.clusters.some(
      ({ id, members }) => concerned.includes(id) && members.some((member) => member.server === server),
    )
  );
}

/** Members that came since, in a cluster of this server or at its lease store (null: any). */
function strangers({ work }: OtherServer, then: SiteDocument, concerned: readonly string[] | null): string[] {
  if (work === null) return [];
  const { server } = work.wanted;
  const isKnown = (cluster: string) =>
    then.clusters.some(
      ({ id, members }) => id === cluster && members.some((one) => one.server === server.id),
    );
  return work.facts.found.members
    .filter(({ cluster }) => (concerned?.includes(cluster) ?? true) && !isKnown(cluster))
    .map(({ cluster }) => `${server.name} carries a member of ${cluster}, and did not before`);
}

function differingFiles({ wanted, facts }: ServerWork, concerned: readonly string[]): string[] {
  const paths = [
    ...concerned.map((cluster) => placesOf(cluster).config),
    ...(wanted.isWitness ? [witnessConfigPath] : []),
  ];
  return wanted.files
    .filter(({ path, sha256 }) => paths.includes(path) && facts.files.get(path)?.sha256 !== sha256)
    .map(({ path }) => `${path} on ${wanted.server.name} is not as it was`);
}

/** A lease store is never older than its members, and is restarted only while every cluster can bear that. */
async function storeRefusals({ work, before, then, others, ask }: Again): Promise<ProductError[]> {
  const { wanted } = work;
  if (!wanted.isWitness) return [];
  const version = productVersionOf(before.version ?? '') ?? '';
  const newer = others.flatMap(({ work: other }) => {
    const runs = other?.facts.currentVersion;
    return other !== null && runs !== undefined && isOlder(version, runs) ? [other.wanted.server.name] : [];
  });
  if (newer.length > 0) {
    const said = `${wanted.server.name} keeps the leases, and ${newer.join(', ')} would run a newer version than it.`;
    const next = 'Roll those servers back first, then this one.';
    return [productError('rollback.in-use', said, [], next)];
  }
  if ((await askWitness(ask, then)) === null) return [];
  const asked = await Promise.all(
    then.clusters.map(async ({ id }) => ({ id, members: await askMembers(ask, then, id) })),
  );
  return asked.flatMap(({ id, members }) => {
    const why = unprotectedWhy(members);
    if (why === null) return [];
    return [
      productError(
        'rollback.unsure',
        `The lease store would be restarted, and ${id} could not bear that: ${why}.`,
      ),
    ];
  });
}
