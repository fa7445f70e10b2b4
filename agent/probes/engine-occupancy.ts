import { join } from 'node:path';
import { lastingOutsiders, outsiders, type Occupancy, type Outsider } from '../../shared/role/occupancy.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { EngineService } from '../services/engine-service.ts';
import type { RunProgram } from '../services/run-program.ts';

export interface OccupancyLook {
  readonly seen: Occupancy;
  /** Seen by this look and the one before. */
  readonly outsiders: readonly Outsider[];
  /** False: somebody was seen for the first time, and only the next look tells whether that counts. */
  readonly settled: boolean;
}

const limitMs = 5_000;
/** The system's tables of sockets are walked through with every so many looks, while nothing seems to have changed. */
const looksPerTables = 6;

/**
 * Answers a look to be made again and again.
 *
 * @param run runs a script that only reads /proc: what it looks at cannot hang, but takes its time on a large server
 */
export function openEngineOccupancy(
  config: MemberConfig,
  service: EngineService,
  run: RunProgram,
): () => Promise<Result<OccupancyLook, string>> {
  const { apiPort, listeners, workingDirectory } = config.engine;
  const ports = [
    { name: 'API', port: apiPort },
    ...Object.entries(listeners).map(([name, port]) => ({ name, port })),
  ];
  const script = join(config.paths.scripts, 'holders.sh');
  const pattern = ports.map(({ port }) => hex(port)).join('|');
  const journal = `${workingDirectory.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}/logt/journal*`;
  // The demo's servers share one kernel: there the other server's engine has the same journal open.
  const journalCounts = config.engine.service.kind === 'systemd';
  let before: readonly Outsider[] = [];
  let known: readonly ListeningSocket[] = [];
  let looksWithout = 0;
  const holdersOf = async (named: readonly ListeningSocket[]): Promise<Result<Holding, string>> => {
    const done = await run(script, [pattern, journal, ...named.map(({ inode }) => inode)], limitMs);
    if (done.timedOut)
      return fail(`looking for the holders of its ports took longer than ${limitMs / 1000} s`);
    if (done.code !== 0)
      return fail(`the holders of its ports cannot be looked for: ${done.output.slice(0, 200)}`);
    return succeed(readHolding(done.output, named));
  };
  const look = async (): Promise<Result<Holding, string>> => {
    if (known.length > 0 && looksWithout + 1 < looksPerTables) {
      looksWithout += 1;
      const found = await holdersOf(known);
      if (!found.ok || known.every((socket) => isHeld(socket, found.value))) return found;
    }
    const found = await holdersOf([]);
    looksWithout = 0;
    known = found.ok && allHeld(ports, found.value) ? found.value.sockets : [];
    return found;
  };
  return async () => {
    const unitBefore = await unitProcesses(service);
    const done = await look();
    if (!done.ok) return done;
    const unit = both(unitBefore, await unitProcesses(service));
    const seen = occupancyOf(done.value, ports, unit);
    const found = outsiders(seen, journalCounts);
    const lasting = lastingOutsiders(before, found);
    before = found;
    return succeed({ seen, outsiders: lasting, settled: lasting.length === found.length });
  };
}

/** Asked before and after the look: a process of the unit that came or went meanwhile is no stranger. */
function both(one: readonly number[] | null, other: readonly number[] | null): readonly number[] | null {
  return one === null || other === null ? null : [...one, ...other];
}

async function unitProcesses(service: EngineService): Promise<readonly number[] | null> {
  const found = await service.processes?.();
  return found?.ok === true ? found.value : null;
}

const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');

interface ListeningSocket {
  readonly port: number;
  readonly inode: string;
}

interface Holding {
  readonly sockets: readonly ListeningSocket[];
  readonly held: readonly { readonly pid: number; readonly target: string }[];
}

const isHeld = ({ inode }: ListeningSocket, { held }: Holding) =>
  held.some(({ target }) => target === `socket:[${inode}]`);

/** Every port listens and all its sockets are somebody's: until one is let go there is nothing new in the tables. */
function allHeld(ports: readonly { readonly port: number }[], holding: Holding): boolean {
  const { sockets } = holding;
  return (
    ports.every(({ port }) => sockets.some((socket) => socket.port === port)) &&
    sockets.every((socket) => isHeld(socket, holding))
  );
}

/**
 * Reads what the script printed: lines of /proc/net/tcp, then `held /proc/PID/fd/N TARGET`.
 *
 * @param named the sockets that it was asked for; none: it has told them itself
 */
function readHolding(output: string, named: readonly ListeningSocket[]): Holding {
  const told = [...output.matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) (?:\S+ +){7}(\d+)/gm)].map(
    ([, port = '', inode = '']) => ({ port: Number.parseInt(port, 16), inode }),
  );
  const held = [...output.matchAll(/^held \/proc\/(\d+)\/fd\/\d+ (.+)$/gm)].map(([, pid, target = '']) => ({
    pid: Number(pid),
    target,
  }));
  return { sockets: named.length > 0 ? named : told, held };
}

function occupancyOf(
  { sockets, held }: Holding,
  ports: readonly { readonly name: string; readonly port: number }[],
  unit: readonly number[] | null,
): Occupancy {
  const holders = (inodes: readonly string[]) => [
    ...new Set(
      held
        .filter(({ target }) => inodes.some((inode) => target === `socket:[${inode}]`))
        .map(({ pid }) => pid),
    ),
  ];
  return {
    ports: ports.map(({ name, port }) => {
      const inodes = sockets.filter((socket) => socket.port === port).map(({ inode }) => inode);
      return { name, port, listening: inodes.length > 0, holders: holders(inodes) };
    }),
    journalWriters: [...new Set(held.filter(({ target }) => target.startsWith('/')).map(({ pid }) => pid))],
    unit,
  };
}
