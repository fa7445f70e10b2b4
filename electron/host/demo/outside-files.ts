import type { NetworkConfig } from '../../demo/network/network-config.ts';
import type { BalancerConfig } from '../../demo/balancer/balancer-config.ts';
import { clusterDesigns, judgeListener, listenerNames, loopback, memberServers } from './demo-design.ts';
import type { DemoPorts } from './demo-ports.ts';

const at = (port: number) => ({ address: loopback, port });

export function networkConfig(ports: DemoPorts): NetworkConfig {
  return {
    control: at(ports.networkControl),
    links: ports.links.map(({ id, from, to, listenPort, targetPort }) => ({
      id,
      from,
      to,
      listen: at(listenPort),
      target: at(targetPort),
    })),
  };
}

/** The balancer reaches the servers directly, as it would: cutting links between servers does not touch it. */
export function balancerConfig(ports: DemoPorts): Pick<BalancerConfig, 'control' | 'frontends'> {
  return {
    control: at(ports.balancerControl),
    frontends: clusterDesigns.flatMap(({ id }) => {
      const { frontends, members } = ports.clusters[id]!;
      return listenerNames.map((name) => ({
        cluster: id,
        name,
        listen: at(frontends[name]),
        backends: memberServers.map((server) => ({
          server,
          ...at(members[server]!.listeners[name]),
          check: at(members[server]!.active),
        })),
      }));
    }),
  };
}

/** Hundreds of milliseconds instead of the vendor's ten seconds, so that a person sees traffic return at once. */
const judgeHabits = { perSecond: 10, ackTimeoutMs: 2_000, reconnectMs: 200 };
const meterHabits = { perSecond: 20 };

/**
 * Numbered messages for every cluster through the balancer, and the receivers behind the engines.
 * `recordsFolder`: where every message is also written down; null: only counted.
 */
export function trafficConfig(ports: DemoPorts, recordsFolder: string | null): unknown {
  const log = (name: string) => (recordsFolder === null ? {} : { log: `${recordsFolder}/${name}.jsonl` });
  return {
    control: at(ports.trafficControl),
    streams: clusterDesigns.flatMap(({ id }) =>
      listenerNames.map((name) => ({
        id: `${id}-${name}`,
        cluster: id,
        kind: name === judgeListener ? 'judge' : 'meter',
        ...at(ports.clusters[id]!.frontends[name]),
        ...(name === judgeListener ? judgeHabits : meterHabits),
        receiver: `${id}-${name}`,
        ...log(`sent-${id}-${name}`),
      })),
    ),
    receivers: clusterDesigns.flatMap(({ id }) =>
      listenerNames.map((name) => ({
        id: `${id}-${name}`,
        cluster: id,
        ...at(ports.clusters[id]!.receivers[name]),
        ...log(`received-${id}-${name}`),
      })),
    ),
  };
}
