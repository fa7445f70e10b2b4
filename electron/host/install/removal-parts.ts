import type { ServerFacts } from '../../../shared/preflight/server-facts.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { leavingParts, runningLeaving, type LeavingParts } from './leaving-parts.ts';
import { unitsOf } from './server-paths.ts';
import type { ServerWork } from './server-work.ts';
import type { WantedEngine } from './wanted-server.ts';

/**
 * Everything of the product on one server: what lies and runs there, whether the site document names it or not, and what
 * the document names of which only a part is left. Pure.
 */
export function everythingOn(work: ServerWork, site: SiteDocument): LeavingParts {
  const { wanted, facts } = work;
  const nothing = { ...wanted, engines: [], units: [], isWitness: false, isBalancer: false };
  const there = leavingParts({ ...work, wanted: nothing }, { ...site, clusters: [] }, true);
  const halves = wanted.engines.filter((engine) => hasUnits(facts, engine)).map(({ cluster }) => cluster);
  const guarded = there.engines.map(({ cluster }) => cluster).filter((cluster) => cluster !== '');
  const known = new Set(there.marks.map(({ directory, mark }) => `${directory} ${mark}`));
  const marks = wanted.engines
    .map(({ storage }) => ({ directory: storage.directory, mark: storage.mark.trim() }))
    .filter(({ directory, mark }) => !known.has(`${directory} ${mark}`));
  return {
    ...there,
    work,
    members: [...new Set([...there.members, ...halves, ...guarded, ...(facts.found.atWork ?? [])])],
    changedEngines: [],
    marks: [...there.marks, ...marks],
    witness: there.witness || wanted.isWitness,
    balancer: there.balancer || wanted.isBalancer,
    whole: there.whole || wanted.units.length > 0,
  };
}

/** A unit whose file is gone already may still have its process. */
function hasUnits({ units }: ServerFacts, { cluster }: WantedEngine): boolean {
  const { agent, guards } = unitsOf(cluster);
  return [agent, ...guards].some((name) => {
    const unit = units.get(name);
    return unit?.loadState === 'loaded' || unit?.activeState === 'active';
  });
}

/** Clusters that are at work on a server and that the site document does not name, with what runs. Pure. */
export function unnamedAtWork(
  parts: LeavingParts,
  site: SiteDocument,
): { readonly cluster: string; readonly why: string }[] {
  const { facts, wanted } = parts.work;
  const isNamed = (cluster: string) => site.clusters.some(({ id }) => id === cluster);
  const { atWork } = facts.found;
  const engines = runningLeaving(parts)
    .filter(({ cluster }) => !isNamed(cluster))
    .map(({ cluster, unit }) => ({
      cluster,
      why: `${unit} of ${cluster || 'an unknown cluster'} runs on ${wanted.server.name}`,
    }));
  const agents = parts.members
    .filter((cluster) => !isNamed(cluster) && (atWork?.includes(cluster) ?? true))
    .map((cluster) => ({ cluster, why: `agent or guards of ${cluster} run on ${wanted.server.name}` }));
  return [...engines, ...agents];
}
