import * as z from 'zod/mini';
import { TimingPolicy, timingPresets } from '../lease/timing.ts';
import {
  usualCutSeconds,
  usualMountSeconds,
  type Cluster,
  type SiteDocument,
  type Storage,
} from '../site/site-document.ts';
import { isObserved } from '../site/site-rules.ts';

/** The settings of one cluster that decide what happens at a fault. */
export const ClusterBehaviour = z.strictObject({
  cluster: z.string(),
  title: z.string(),
  timing: TimingPolicy,
  /** Name of the preset; `own`: a timing of the site's own. */
  timingName: z.string(),
  storage: z.enum(['shared', 'copied']),
  /** Copied storage: older copies are not taken over by rule, in seconds. */
  lagLimitSeconds: z.nullable(z.number()),
  localRestarts: z.int(),
  failoversPerHour: z.int(),
  failbackMinutes: z.nullable(z.number()),
  pollers: z.int(),
  /** A takeover waits so many seconds at most for the program that cuts storage off; absent: there is none. */
  cutSeconds: z.optional(z.int()),
  /** A takeover waits so many seconds at most for the mount of the directory; absent: the agents mount nothing. */
  mountSeconds: z.optional(z.int()),
  members: z.array(
    z.strictObject({ server: z.string(), name: z.string(), preferred: z.boolean(), mustNot: z.boolean() }),
  ),
});
export type ClusterBehaviour = z.infer<typeof ClusterBehaviour>;

/** Everything of a site that the plan of its failover behaviour rests on. */
export const SiteBehaviour = z.strictObject({
  leaseStore: z.enum(['witness', 'etcd']),
  balancer: z.string(),
  /** How many faults are told of; absent: accepted when they were 21. */
  faults: z.optional(z.int()),
  /** Absent: armed, or accepted of an earlier release, whose page told what an armed site does. */
  mode: z.optional(z.literal('observe')),
  clusters: z.array(ClusterBehaviour),
});
export type SiteBehaviour = z.infer<typeof SiteBehaviour>;

/** Faults of the catalogue (faults.ts): who has accepted fewer has not read them all. */
export const faultsTold = 62;
const faultsToldAtFirst = 21;
const usualLagLimitSeconds = 60;
const usualFailoversPerHour = 3;

/** Pure. */
export function siteBehaviour(site: SiteDocument): SiteBehaviour {
  const nameOf = (id: string) => site.servers.find((server) => server.id === id)?.name ?? id;
  return {
    leaseStore: site.leaseStore.kind,
    balancer: site.loadBalancer.kind,
    faults: faultsTold,
    ...(isObserved(site) && { mode: 'observe' }),
    clusters: site.clusters.map((cluster) => clusterBehaviour(cluster, nameOf)),
  };
}

function clusterBehaviour(cluster: Cluster, nameOf: (id: string) => string): ClusterBehaviour {
  const { id, title, timing, storage, localRestarts, failoversPerHour, failback, pollers, members } = cluster;
  return {
    cluster: id,
    title,
    timing: typeof timing === 'string' ? timingPresets[timing] : timing,
    timingName: typeof timing === 'string' ? timing : 'own',
    storage: storage.kind,
    lagLimitSeconds: storage.kind === 'copied' ? (storage.lagLimitSeconds ?? usualLagLimitSeconds) : null,
    localRestarts,
    failoversPerHour: failoversPerHour ?? usualFailoversPerHour,
    failbackMinutes: failback?.afterMinutes ?? null,
    pollers: pollers.length,
    ...storageWaits(storage),
    members: members.map(({ server, preferred, mustNot }) => ({
      server,
      name: nameOf(server),
      preferred,
      mustNot: mustNot ?? false,
    })),
  };
}

function storageWaits(storage: Storage): Pick<ClusterBehaviour, 'cutSeconds' | 'mountSeconds'> {
  if (storage.kind !== 'shared') return {};
  const { cut, mount } = storage;
  return {
    ...(cut && { cutSeconds: cut.seconds ?? usualCutSeconds }),
    ...(mount && { mountSeconds: mount.seconds ?? usualMountSeconds }),
  };
}

/** What is different now from the settings that somebody accepted, as sentences; empty: nothing. Pure. */
export function behaviourChanges(then: SiteBehaviour, now: SiteBehaviour): string[] {
  const before = new Map(then.clusters.map((cluster) => [cluster.cluster, cluster]));
  const present = new Set(now.clusters.map(({ cluster }) => cluster));
  return [
    ...changed('The lease store', then.leaseStore, now.leaseStore),
    ...changed('The load balancer', then.balancer, now.balancer),
    ...changed(
      'The number of faults that are told of',
      String(then.faults ?? faultsToldAtFirst),
      String(now.faults ?? faultsToldAtFirst),
    ),
    ...changed('The site', modeWords(then), modeWords(now)),
    ...then.clusters
      .filter(({ cluster }) => !present.has(cluster))
      .map(({ cluster }) => `${cluster} was taken out.`),
    ...now.clusters.flatMap((cluster) => {
      const old = before.get(cluster.cluster);
      return old === undefined ? [`${cluster.cluster} is new.`] : clusterChanges(old, cluster);
    }),
  ];
}

function clusterChanges(then: ClusterBehaviour, now: ClusterBehaviour): string[] {
  const about = (what: string) => `${what} of ${now.cluster}`;
  return [
    ...changed(about('The timing'), timingWords(then), timingWords(now)),
    ...changed(about('The storage'), then.storage, now.storage),
    ...changed(
      about('The allowed age of a copy'),
      secondsWords(then.lagLimitSeconds),
      secondsWords(now.lagLimitSeconds),
    ),
    ...changed(
      about('The longest wait for the program that cuts storage off'),
      secondsWords(then.cutSeconds),
      secondsWords(now.cutSeconds),
    ),
    ...changed(
      about('The longest wait for the mount of the directory'),
      secondsWords(then.mountSeconds),
      secondsWords(now.mountSeconds),
    ),
    ...changed(about('The number of local restarts'), String(then.localRestarts), String(now.localRestarts)),
    ...changed(
      about('The failovers allowed in an hour'),
      String(then.failoversPerHour),
      String(now.failoversPerHour),
    ),
    ...changed(about('The return to the preferred server'), failbackWords(then), failbackWords(now)),
    ...changed(about('The number of pollers'), String(then.pollers), String(now.pollers)),
    ...changed(about('The servers'), memberWords(then), memberWords(now)),
  ];
}

function changed(what: string, then: string, now: string): string[] {
  return then === now ? [] : [`${what} was ${then}, and is ${now}.`];
}

function timingWords({ timingName, timing: { T, H, O, K, D, emergencyStop } }: ClusterBehaviour): string {
  return `${timingName} (T ${T}, H ${H}, O ${O}, K ${K}, D ${D}, ${emergencyStop})`;
}

function modeWords({ mode }: SiteBehaviour): string {
  return mode === 'observe' ? 'only observed' : 'armed';
}

function secondsWords(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? 'none' : `${seconds} s`;
}

function failbackWords({ failbackMinutes }: ClusterBehaviour): string {
  return failbackMinutes === null ? 'by a person only' : `by itself after ${failbackMinutes} minutes`;
}

function memberWords({ members }: ClusterBehaviour): string {
  return members
    .map(
      ({ name, preferred, mustNot }) =>
        `${name}${preferred ? ' (preferred)' : ''}${mustNot ? ' (never Active)' : ''}`,
    )
    .join(', ');
}
