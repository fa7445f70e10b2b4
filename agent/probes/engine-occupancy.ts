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
  return async () => {
    const unitBefore = await unitProcesses(service);
    const done = await run(script, [pattern, journal], limitMs);
    if (done.timedOut)
      return fail(`looking for the holders of its ports took longer than ${limitMs / 1000} s`);
    if (done.code !== 0)
      return fail(`the holders of its ports cannot be looked for: ${done.output.slice(0, 200)}`);
    const unit = both(unitBefore, await unitProcesses(service));
    const seen = readOccupancy(done.output, ports, unit);
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

/** Reads what the script printed: lines of /proc/net/tcp, then `held /proc/PID/fd/N TARGET`. */
export function readOccupancy(
  output: string,
  ports: readonly { readonly name: string; readonly port: number }[],
  unit: readonly number[] | null,
): Occupancy {
  const sockets = [...output.matchAll(/^ *\d+: [0-9A-F]+:([0-9A-F]{4}) (?:\S+ +){7}(\d+)/gm)].map(
    ([, port = '', inode = '']) => ({ port: Number.parseInt(port, 16), inode }),
  );
  const held = [...output.matchAll(/^held \/proc\/(\d+)\/fd\/\d+ (.+)$/gm)].map(([, pid, target = '']) => ({
    pid: Number(pid),
    target,
  }));
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
