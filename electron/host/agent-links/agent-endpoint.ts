import { identityUri } from '../../../shared/site/identity.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterTiming, memberPorts } from '../../../shared/site/site-rules.ts';
import { silenceLimitMs } from './link-state.ts';

/** One agent as the site document names it: where it listens and who it must prove to be. */
export interface AgentEndpoint {
  readonly part: 'member' | 'witness';
  /** Cluster id; null for the witness, which serves all of them. */
  readonly cluster: string | null;
  readonly server: string;
  /** For sentences: `ig-north (WK1)`. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Identity that its certificate must carry, as URI. */
  readonly identity: string;
  readonly silenceMs: number;
}

/** Every agent of the site: two per cluster, and the witness, where there is one, last. */
export function agentEndpoints(site: SiteDocument): AgentEndpoint[] {
  const servers = new Map(site.servers.map((server) => [server.id, server]));
  const members = site.clusters.flatMap((cluster) =>
    cluster.members.map((member): AgentEndpoint => {
      const server = servers.get(member.server);
      return {
        part: 'member',
        cluster: cluster.id,
        server: member.server,
        name: `${server?.name ?? member.server} (${cluster.id})`,
        address: server?.address ?? '',
        port: memberPorts(cluster, member).api,
        identity: identityUri({
          kind: 'member',
          site: site.id,
          cluster: cluster.id,
          server: member.server,
        }),
        silenceMs: silenceLimitMs(clusterTiming(cluster).H),
      };
    }),
  );
  const { leaseStore } = site;
  if (leaseStore.kind === 'etcd') return members;
  const witness = servers.get(leaseStore.server);
  return [
    ...members,
    {
      part: 'witness',
      cluster: null,
      server: leaseStore.server,
      name: `${witness?.name ?? leaseStore.server} (witness)`,
      address: witness?.address ?? '',
      port: leaseStore.port,
      identity: identityUri({ kind: 'witness', site: site.id, server: leaseStore.server }),
      silenceMs: silenceLimitMs(Math.max(...site.clusters.map((cluster) => clusterTiming(cluster).H))),
    },
  ];
}

/** Names an agent within its site: `WK1/north`, `witness/third`. */
export function endpointKey(endpoint: Pick<AgentEndpoint, 'cluster' | 'server'>): string {
  return `${endpoint.cluster ?? 'witness'}/${endpoint.server}`;
}
