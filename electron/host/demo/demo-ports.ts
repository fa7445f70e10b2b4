import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import {
  clusterDesigns,
  linkedPairs,
  listenerNames,
  loopback,
  memberServers,
  witnessServer,
  type ListenerName,
} from './demo-design.ts';

export interface MemberPortChoice {
  readonly api: number;
  readonly active: number;
  readonly engineApi: number;
  readonly listeners: Readonly<Record<ListenerName, number>>;
}

export interface ClusterPortChoice {
  readonly frontends: Readonly<Record<ListenerName, number>>;
  readonly receivers: Readonly<Record<ListenerName, number>>;
  readonly members: Readonly<Record<string, MemberPortChoice>>;
}

/** One directed path of the demo network: traffic from one server to one port of another. */
export interface LinkPort {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly targetPort: number;
  readonly listenPort: number;
}

export interface DemoPorts {
  readonly networkControl: number;
  readonly balancerControl: number;
  readonly trafficControl: number;
  readonly witness: number;
  readonly clusters: Readonly<Record<string, ClusterPortChoice>>;
  readonly links: readonly LinkPort[];
}

/** Hands out a port to everything in the demo that listens. Pure but for `take`. */
export function assignPorts(take: () => number): DemoPorts {
  const perListener = () =>
    Object.fromEntries(listenerNames.map((name) => [name, take()])) as Record<ListenerName, number>;
  const witness = take();
  const clusters = Object.fromEntries(
    clusterDesigns.map(({ id }) => [
      id,
      {
        frontends: perListener(),
        receivers: perListener(),
        members: Object.fromEntries(
          memberServers.map((server) => [
            server,
            { api: take(), active: take(), engineApi: take(), listeners: perListener() },
          ]),
        ),
      },
    ]),
  );
  return {
    networkControl: take(),
    balancerControl: take(),
    trafficControl: take(),
    witness,
    clusters,
    links: assignLinks(clusters, witness, take),
  };
}

function assignLinks(
  clusters: Readonly<Record<string, ClusterPortChoice>>,
  witness: number,
  take: () => number,
): LinkPort[] {
  return linkedPairs.flatMap(([a, b]) => {
    if (b === witnessServer) {
      return [{ id: `${a}-${b}`, from: a, to: b, targetPort: witness, listenPort: take() }];
    }
    return Object.entries(clusters).flatMap(([cluster, { members }]) =>
      [
        [a, b],
        [b, a],
      ].map(([from, to]) => ({
        id: `${from}-${to}-${cluster}`,
        from: from!,
        to: to!,
        targetPort: members[to!]!.api,
        listenPort: take(),
      })),
    );
  });
}

/** How many ports one demo site needs. */
export function portsNeeded(): number {
  let count = 0;
  assignPorts(() => (count += 1));
  return count;
}

/**
 * Finds free ports below the range that the system uses for outgoing connections, so that none of them
 * is taken by a connection while its server is switched off. Rejects when there are not enough.
 */
export async function choosePorts(count: number): Promise<number[]> {
  const end = firstOutgoingPort();
  const span = end - lowestPort;
  const held: Server[] = [];
  const ports: number[] = [];
  try {
    const start = randomInt(span);
    for (let tried = 0; tried < span && ports.length < count; tried += 1) {
      const port = lowestPort + ((start + tried) % span);
      const server = await hold(port);
      if (server === undefined) continue;
      held.push(server);
      ports.push(port);
    }
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
  if (ports.length < count) throw new Error(`only ${ports.length} of ${count} ports are free on ${loopback}`);
  return ports;
}

const lowestPort = 12_000;

function firstOutgoingPort(): number {
  try {
    const first = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0]);
    return first > lowestPort + 1_000 ? first : 32_768;
  } catch {
    return 32_768;
  }
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, loopback, () => resolve(server));
  });
}
