import type { LookedServer } from '../../../shared/preflight/looked-server.ts';
import type { ConsoleWay, TriedConsoleWay } from '../../../shared/preflight/console-ways.ts';
import type { TriedWay, Way } from '../../../shared/preflight/ways.ts';
import { outputOf, type ServerConnection } from '../ssh/server-connection.ts';
import { tryConsoleWays, type TryTcp } from './try-console-ways.ts';
import { closeScript, listenScript, wayScript } from './way-scripts.ts';

const openWithinMs = 60_000;
const oneWayWithinMs = 4_000;

/** A server that was looked at, with the connection to it. */
export interface ReachedServer extends LookedServer {
  readonly connection: ServerConnection;
}

export interface WaysToTry {
  readonly between: readonly Way[];
  /** Those of this workstation's console, and what tries them. */
  readonly fromHere: { readonly ways: readonly ConsoleWay[]; readonly tcp: TryTcp } | undefined;
}

export interface TriedWays {
  readonly between: readonly TriedWay[];
  readonly fromHere: readonly TriedConsoleWay[];
}

/** Opens what has to be reached and is not open yet, tries every way, and closes again, also when it is called off. */
export async function tryWays(
  { between, fromHere }: WaysToTry,
  reached: readonly ReachedServer[],
  called: Promise<undefined>,
): Promise<TriedWays> {
  const open = new Map(reached.map((server) => [server.expected.server.id, listening(server)]));
  const toOpen = reached.flatMap((server) => {
    const wanted = portsToOpen([...between, ...(fromHere?.ways ?? [])], server);
    return wanted.length === 0 ? [] : [{ id: server.expected.server.id, ...server, wanted }];
  });
  try {
    await Promise.all(
      toOpen.map(async ({ id, connection, wanted }) => {
        for (const port of await openPorts(connection, wanted)) open.get(id)!.add(port);
      }),
    );
    const isBare = ({ facts }: ReachedServer) => facts.site === undefined;
    const bare = new Set(reached.filter(isBare).map(({ expected }) => expected.server.id));
    const connections = new Map(reached.map(({ expected, connection }) => [expected.server.id, connection]));
    const tries = Promise.all([
      Promise.all([...waysByStart(between)].map(([id, some]) => tryFrom(connections.get(id), some, open))),
      fromHere ? tryConsoleWays(fromHere.ways, connections, open, { tcp: fromHere.tcp, bare }) : [],
    ]);
    const [tried, triedFromHere] = (await Promise.race([tries, called])) ?? [[], []];
    return { between: tried.flat(), fromHere: triedFromHere };
  } finally {
    await Promise.all(
      toOpen.map(({ connection, wanted }) =>
        connection.run(['sh', '-c', closeScript, 'ixha-close', ...wanted.map(String)], {
          privileged: true,
          timeoutMs: openWithinMs,
        }),
      ),
    );
  }
}

/** Ports that something listens on, on more than the loopback address. */
function listening({ facts }: ReachedServer): Set<number> {
  return new Set(facts.listeners.filter(({ loopbackOnly }) => !loopbackOnly).map(({ port }) => port));
}

/** Nothing is opened on a server of a site: the ports belong to what is installed there and may start any moment. */
function portsToOpen(ways: readonly Pick<Way, 'to' | 'port'>[], server: ReachedServer): number[] {
  const { expected, facts } = server;
  if (facts.site !== undefined) return [];
  const isOpen = listening(server);
  const ports = ways.filter(({ to }) => to.server.id === expected.server.id).map(({ port }) => port);
  return [...new Set(ports)].filter((port) => !isOpen.has(port));
}

function waysByStart(ways: readonly Way[]): Map<string, Way[]> {
  return Map.groupBy(ways, ({ from }) => from.server.id);
}

async function openPorts(connection: ServerConnection, ports: readonly number[]): Promise<number[]> {
  const argv = ['sh', '-c', listenScript, 'ixha-listen', ...ports.map(String)];
  const options = { what: 'opening ports for a moment', privileged: true, timeoutMs: openWithinMs };
  const said = await outputOf(connection, argv, options);
  return said.ok ? said.value.split('\n').filter(Boolean).map(Number) : [];
}

async function tryFrom(
  connection: ServerConnection | undefined,
  ways: readonly Way[],
  open: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<TriedWay[]> {
  const isOpen = ({ to, port }: Way) => open.get(to.server.id)?.has(port) ?? false;
  const pairs = ways.filter(isOpen).flatMap(({ to, port }) => [to.server.address, String(port)]);
  const said =
    connection && pairs.length > 0 ? await connectTo(connection, pairs) : new Map<string, string>();
  return ways.map((way) => {
    const how = said.get(`${way.to.server.address} ${way.port}`) ?? '';
    const took = /^ok (\d+)$/.exec(how);
    if (took) return { ...way, result: 'ok', rttMs: Number(took[1]) / 1_000 };
    const isTold = how === 'refused' || how === 'silent';
    const couldBe = connection && open.has(way.to.server.id) && !isOpen(way);
    return { ...way, result: isTold ? how : couldBe ? 'not-open' : 'not-tried', rttMs: null };
  });
}

/** How each connection went, by `ADDRESS PORT`. */
async function connectTo(
  connection: ServerConnection,
  pairs: readonly string[],
): Promise<Map<string, string>> {
  const timeoutMs = 10_000 + (oneWayWithinMs * pairs.length) / 2;
  const options = { what: 'trying the ways to the others', timeoutMs };
  const said = await outputOf(connection, ['bash', '-c', wayScript, 'ixha-way', ...pairs], options);
  const lines = said.ok ? said.value.split('\n') : [];
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [address, port, ...how] = line.trim().split(' ');
      return how.length > 0 ? [[`${address} ${port}`, how.join(' ')]] : [];
    }),
  );
}
