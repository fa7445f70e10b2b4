import type { MemberConfig, WitnessConfig } from '../../shared/site/member-config.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';

export const siteId = 'sim';
export const servers = ['north', 'south'] as const;
export type Server = (typeof servers)[number];
export const witnessServer = 'third';
export const balancerServer = 'balancer';
const leasePort = 7600;
export const witnessState = '/var/lib/ixha-witness';

export interface ClusterSetting {
  readonly id: string;
  readonly timing: TimingPolicy;
  readonly preferred: Server;
  readonly localRestarts: number;
}

/** A member's configuration, as the installer would write it; addresses are names of machines here. */
export function memberSetting(cluster: ClusterSetting, index: number, server: Server): MemberConfig {
  const peer = server === 'north' ? 'south' : 'north';
  const apiPort = 7670 + 10 * index;
  const { id } = cluster;
  return {
    schema: 1,
    siteId,
    siteVersion: 1,
    cluster: id,
    server,
    serverName: server,
    timing: cluster.timing,
    listen: { address: server, apiPort, activePort: apiPort + 1 },
    peer: { server: peer, serverName: peer, address: peer, port: apiPort },
    store: { server: witnessServer, address: witnessServer, port: leasePort },
    preferred: cluster.preferred === server,
    localRestarts: cluster.localRestarts,
    engine: {
      service: { kind: 'systemd', unit: `engine-${id}.service` },
      apiPort: 6543 + index,
      apiUser: 'ixha',
      workingDirectory: `/srv/${id}`,
      listeners: {},
      pollers: ['poller'],
    },
    storage: { kind: 'shared', directory: `/srv/${id}`, mustBeMount: true },
    paths: {
      state: `/var/lib/ixha/${id}`,
      run: `/run/ixha/${id}`,
      certificates: '/etc/ixha',
      scripts: '/usr/lib/ixha',
      enginePasswordFile: '/etc/ixha/engine-password',
    },
  };
}

export function witnessSetting(clusters: readonly ClusterSetting[]): WitnessConfig {
  return {
    schema: 1,
    siteId,
    server: witnessServer,
    listen: { address: witnessServer, port: leasePort },
    clusters: clusters.map(({ id, timing }) => ({ id, T: timing.T, members: [...servers] })),
    paths: { state: witnessState, certificates: '/etc/ixha' },
  };
}
