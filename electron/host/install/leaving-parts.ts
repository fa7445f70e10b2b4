import { haproxyMark } from '../../../shared/balancer/haproxy-config.ts';
import type { FoundGate } from '../../../shared/preflight/server-facts.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { storageDirectory } from '../../../shared/site/directory-rules.ts';
import { gatePath, placesOf, serverPaths } from './server-paths.ts';
import type { ServerWork } from './server-work.ts';
import type { WantedServer } from './wanted-server.ts';

/** What a person has said about what leaves the site. */
export interface LeavingWords {
  /** What becomes of running engines of clusters that leave. */
  readonly engines: 'keep' | 'stop' | undefined;
  /** Servers that are lost for good: they stay off, or are installed anew. */
  readonly gone: readonly string[];
}

export const noLeavingWords: LeavingWords = { engines: undefined, gone: [] };

/** An engine that the product holds on a server, and shall no longer hold there. */
export interface LeavingEngine extends FoundGate {
  /** The cluster goes on with other engines, which use the same data. */
  readonly clusterStays: boolean;
}

/** A directory that no longer belongs to a cluster. */
export interface LeavingMark {
  readonly directory: string;
  readonly mark: string;
}

/** What lies on one server and has no place in the site any more. */
export interface LeavingParts {
  readonly work: ServerWork;
  /** Clusters whose member leaves this server. */
  readonly members: readonly string[];
  /** Clusters whose member stays, with another engine service. */
  readonly changedEngines: readonly string[];
  readonly engines: readonly LeavingEngine[];
  readonly marks: readonly LeavingMark[];
  readonly witness: boolean;
  readonly balancer: boolean;
  /** Nothing of the product stays on this server, apart from a balancer. */
  readonly whole: boolean;
}

/**
 * Works out what has to leave a server, from what lies there and what the site wants there. Pure.
 *
 * @param wasOurs the server belonged to this site when that was installed last
 */
export function leavingParts(work: ServerWork, site: SiteDocument, wasOurs: boolean): LeavingParts {
  const { facts, wanted } = work;
  const { found } = facts;
  const stays = (cluster: string) => site.clusters.some(({ id }) => id === cluster);
  const isWanted = (cluster: string) => wanted.engines.some((engine) => engine.cluster === cluster);
  const members = found.members.map(({ cluster }) => cluster).filter((cluster) => !isWanted(cluster));
  const engines = found.gates
    .filter(({ unit }) => !wanted.engines.some((engine) => engine.unit === unit))
    .map((gate) => ({ ...gate, clusterStays: stays(gate.cluster) }));
  return {
    work,
    members,
    changedEngines: [...new Set(engines.map(({ cluster }) => cluster).filter(isWanted))],
    engines,
    marks: found.members.flatMap(({ cluster, directory }) =>
      directory === undefined || isUsed(site, wanted, cluster, directory)
        ? []
        : [{ directory, mark: `${site.id} ${cluster}` }],
    ),
    witness: found.witness && !wanted.isWitness,
    balancer: facts.haproxy.firstLine === haproxyMark && !wanted.isBalancer,
    whole: wanted.units.length === 0 && (facts.site === site.id || isUnfinished(work, wasOurs)),
  };
}

/** A removal that was interrupted when nothing named the site any more. A balancer's server has its marks of starts. */
function isUnfinished({ facts, wanted }: ServerWork, wasOurs: boolean): boolean {
  const odd = facts.survey.leftovers.filter((path) => !(wanted.isBalancer && path === serverPaths.state));
  return wasOurs && facts.site === undefined && odd.length > 0;
}

/** A shared directory is one and the same on every server; a copied one belongs to its server. */
function isUsed(site: SiteDocument, wanted: WantedServer, cluster: string, directory: string): boolean {
  const found = site.clusters.find(({ id }) => id === cluster);
  if (found === undefined) return false;
  const here = wanted.engines.find((engine) => engine.cluster === cluster)?.storage.directory;
  return found.storage.kind === 'shared' ? storageDirectory(found, '') === directory : here === directory;
}

/** Whether anything has to leave this server. Pure. */
export function isAnythingLeaving(parts: LeavingParts): boolean {
  const { members, engines, marks, witness, balancer, whole } = parts;
  return members.length + engines.length + marks.length > 0 || witness || balancer || whole;
}

/** Engines that run, or of which it is not known that they are stopped. Pure. */
export function runningLeaving({ engines }: LeavingParts): LeavingEngine[] {
  return engines.filter(({ engine }) => mayRun(engine.activeState));
}

/** Of a unit in this state of the service manager: processes of it may be there. Pure. */
export function mayRun(activeState: string): boolean {
  return !['inactive', 'failed'].includes(activeState);
}

/** An engine that starts with the server, and would then work on the data of a cluster that goes on elsewhere. Pure. */
export function startsBesideCluster({ engine, clusterStays }: LeavingEngine): boolean {
  return clusterStays && engine.unitFileState.startsWith('enabled');
}

/** Everything that is removed from one server, as lines of a plan. Pure. */
export function leavingLines(parts: LeavingParts): string[] {
  const { members, engines, marks, witness, balancer, whole } = parts;
  return [
    ...members.map((cluster) => {
      const { configuration, state } = placesOf(cluster);
      return `removed: the member of ${cluster} with agent and guards, ${configuration}, ${state} with its journal`;
    }),
    ...engines.map((engine) => {
      const back = `removed: ${gatePath(engine.unit)}; the engine ${engine.unit} is given back`;
      return startsBesideCluster(engine)
        ? `${back} and no longer starts with the server, since ${engine.cluster} goes on with its data`
        : back;
    }),
    ...marks.map(({ directory, mark }) => `removed: the mark of ${mark} in ${directory}`),
    ...(witness ? ['removed: the witness with its records of leases'] : []),
    ...(whole ? [`removed: the program, ${serverPaths.configuration} and ${serverPaths.state}`] : []),
    ...(balancer ? [`${serverPaths.haproxy} is as it was before, and HAProxy reloaded`] : []),
  ];
}
