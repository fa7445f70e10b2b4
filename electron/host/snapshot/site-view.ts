import type {
  BalancerView,
  ClusterView,
  ConsoleSnapshot,
  DemoFault,
  MemberView,
  TrafficView,
  WitnessView,
} from '../../../shared/console-ipc/console-snapshot.ts';
import type { OperationRecord } from '../../../shared/agent-api/operation-record.ts';
import { balancerTitles } from '../../../shared/balancer/balancer-kinds.ts';
import { endpointText } from '../../../shared/site/etcd-rules.ts';
import { witnessServerOf } from '../../../shared/site/site-rules.ts';
import type { Cluster, SiteDocument } from '../../../shared/site/site-document.ts';
import { endpointKey } from '../agent-links/agent-endpoint.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import { linkView } from '../agent-links/link-state.ts';

export type SiteView = NonNullable<ConsoleSnapshot['site']>;

/** Everything a site's view is made of, at one instant. */
export interface SiteFacts {
  readonly site: SiteDocument;
  readonly demo: boolean;
  /** By `endpointKey`. */
  readonly agents: ReadonlyMap<string, LinkedAgent>;
  readonly operations: ReadonlyMap<string, readonly OperationRecord[]>;
  readonly balancer: readonly BalancerView[];
  readonly traffic: readonly TrafficView[];
  readonly faults: readonly DemoFault[];
}

/** Joins all links of a site to what the renderer shows. Pure; `now` in host milliseconds. */
export function siteView(facts: SiteFacts, now: number): SiteView {
  const { site } = facts;
  return {
    id: site.id,
    name: site.name,
    demo: facts.demo,
    servers: site.servers.map((server) => ({
      id: server.id,
      name: server.name,
      address: server.address,
      part: partOf(site, server.id),
    })),
    clusters: site.clusters.map((cluster) => clusterView(facts, cluster, now)),
    ...storeView(facts, now),
    balancerName: balancerName(site),
    faults: [...facts.faults],
  };
}

/** Where the guarantee is not met it is said with the name, wherever that is shown. */
function storageLabel({ storage }: Cluster): string {
  return storage.kind === 'shared'
    ? `shared directory ${storage.directory}`
    : `copied directory ${storage.directory}, no-loss not met`;
}

function clusterView(facts: SiteFacts, cluster: Cluster, now: number): ClusterView {
  return {
    id: cluster.id,
    title: cluster.title,
    members: cluster.members.map((member) => memberView(facts, cluster.id, member.server, now)),
    balancer: facts.balancer.find((view) => view.cluster === cluster.id) ?? null,
    traffic: facts.traffic.find((view) => view.cluster === cluster.id) ?? null,
    operations: [...(facts.operations.get(cluster.id) ?? [])],
    storageLabel: storageLabel(cluster),
    listenerLabel: cluster.listeners.map(({ name, frontendPort }) => `${name} :${frontendPort}`).join(', '),
  };
}

function memberView(facts: SiteFacts, cluster: string, server: string, now: number): MemberView {
  const agent = facts.agents.get(endpointKey({ cluster, server }));
  return {
    cluster,
    server,
    link: linkOf(agent, now),
    snapshot: agent?.snapshot?.kind === 'member' ? agent.snapshot : null,
  };
}

/** A witness tells of itself; an etcd is known by what members say of it. */
function storeView(facts: SiteFacts, now: number): Pick<SiteView, 'witness' | 'etcd'> {
  const { leaseStore } = facts.site;
  return leaseStore.kind === 'witness'
    ? { witness: witnessView(facts, leaseStore.server, now) }
    : { witness: null, etcd: { endpoints: leaseStore.endpoints.map(endpointText) } };
}

function witnessView(facts: SiteFacts, server: string, now: number): WitnessView {
  const agent = facts.agents.get(endpointKey({ cluster: null, server }));
  return {
    server,
    link: linkOf(agent, now),
    snapshot: agent?.snapshot?.kind === 'witness' ? agent.snapshot : null,
  };
}

function linkOf(agent: LinkedAgent | undefined, now: number) {
  if (agent === undefined) return { state: 'connecting' as const, sinceMs: 0, heardMs: null, error: null };
  return linkView(agent.link, now);
}

function partOf(site: SiteDocument, server: string): SiteView['servers'][number]['part'] {
  if (site.clusters.some((cluster) => cluster.members.some((member) => member.server === server)))
    return 'member';
  if (witnessServerOf(site) === server) return 'witness';
  if (site.loadBalancer.kind === 'haproxy' && site.loadBalancer.server === server) return 'balancer';
  return 'storage';
}

function balancerName(site: SiteDocument): string {
  const { loadBalancer } = site;
  if (loadBalancer.kind === 'demo') return 'Demo balancer';
  if (loadBalancer.kind !== 'haproxy') return balancerTitles[loadBalancer.kind];
  return site.servers.find((server) => server.id === loadBalancer.server)?.name ?? loadBalancer.server;
}
