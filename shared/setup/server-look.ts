import { blocks, parseListener, splitSections, valueOf } from '../preflight/fact-sections.ts';
import type { Listening } from '../preflight/server-facts.ts';

/** An engine as its service shows it. */
export interface EngineLook {
  readonly unit: string;
  readonly command: string;
  readonly workingDirectory: string | null;
  readonly running: boolean;
  readonly enabled: boolean;
  readonly openFiles: number | null;
  /** Ports that its main process listens on. */
  readonly ports: readonly number[];
}

/** A line of a crontab that names the engine. */
export interface CronLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What was seen on one server of a setup at one moment. */
export interface ServerLook {
  readonly osName: string;
  readonly architecture: string;
  readonly cores: number | null;
  readonly machineId: string;
  /** glibc as [major, minor]; null on other C libraries. */
  readonly glibc: readonly [number, number] | null;
  readonly init: string;
  readonly systemd: number;
  readonly cgroup2: boolean;
  readonly freeUsrMb: number | null;
  readonly freeVarMb: number | null;
  readonly memoryMb: number | null;
  /** Seconds since 1970 by its wall clock. */
  readonly clock: number | null;
  readonly synchronised: boolean | null;
  readonly programs: readonly string[];
  /** Site of an agent that is there already. */
  readonly site: string | null;
  readonly selinux: string;
  readonly managers: readonly string[];
  /** Ports that something listens on, on more than the loopback address. */
  readonly listening: readonly number[];
  readonly engines: readonly EngineLook[];
  readonly cron: readonly CronLine[];
}

/** Reads what the look printed; null when it is not whole: nothing may be said on half of it. Pure. */
export function readServerLook(text: string): ServerLook | null {
  const sections = splitSections(text);
  if (!sections.has('end')) return null;
  const lines = (name: string) => sections.get(name) ?? [];
  const first = (name: string) => lines(name)[0]?.trim() ?? '';
  const number = (value: string | undefined) => {
    const parsed = Number(value);
    return value === undefined || value === '' || !Number.isFinite(parsed) ? null : parsed;
  };
  const glibc = /glibc (\d+)\.(\d+)/.exec(first('libc'));
  const disks = lines('disk').filter((line) => /\s\d+%\s/.test(line));
  const freeMb = (index: number) => {
    const kilobytes = number(disks[index]?.trim().split(/\s+/)[3]);
    return kilobytes === null ? null : Math.floor(kilobytes / 1024);
  };
  const memory = number(first('memory'));
  const listeners = lines('listeners').flatMap(parseListener);
  return {
    osName: /^PRETTY_NAME="?([^"]*)"?$/m.exec(lines('os').join('\n'))?.[1] ?? 'unknown system',
    architecture: first('machine'),
    cores: number(lines('machine')[2]?.trim()),
    machineId: first('id'),
    glibc: glibc ? [Number(glibc[1]), Number(glibc[2])] : null,
    init: first('init'),
    systemd: Number(/^systemd (\d+)/.exec(first('systemd'))?.[1] ?? 0),
    cgroup2: first('cgroup') !== '',
    freeUsrMb: freeMb(0),
    freeVarMb: freeMb(1),
    memoryMb: memory === null ? null : Math.floor(memory / 1024),
    clock: number(first('clock').replace(/N$/, '0')),
    synchronised: first('synchronised') === '' ? null : first('synchronised') === 'yes',
    programs: lines('programs').map((path) => path.trim().split('/').at(-1) ?? ''),
    site: first('site') || null,
    selinux: first('selinux'),
    managers: lines('managers').map((line) => line.trim()),
    listening: [...new Set(listeners.filter(({ loopbackOnly }) => !loopbackOnly).map(({ port }) => port))],
    engines: readEngines(lines('engines'), listeners),
    cron: lines('cron').flatMap(readCronLine),
  };
}

function readEngines(lines: readonly string[], listeners: readonly Listening[]): EngineLook[] {
  return blocks(lines).map(([unit, block]) => {
    const sockets = block.filter((line) => line.startsWith('Socket=')).map((line) => line.slice(7));
    const files = Number(valueOf(block, 'LimitNOFILE'));
    const directory = valueOf(block, 'WorkingDirectory');
    return {
      unit,
      command: /path=([^ ;]+)/.exec(valueOf(block, 'ExecStart'))?.[1] ?? '',
      workingDirectory: directory.startsWith('/') ? directory : null,
      running: valueOf(block, 'ActiveState') === 'active',
      enabled: valueOf(block, 'UnitFileState') === 'enabled',
      openFiles: Number.isFinite(files) && files > 0 ? files : null,
      ports: [...new Set(listeners.filter(({ inode }) => sockets.includes(inode)).map(({ port }) => port))],
    };
  });
}

function readCronLine(line: string): CronLine[] {
  const found = /^([^:]+):(\d+):(.*)$/.exec(line);
  return found ? [{ file: found[1]!, line: Number(found[2]), text: found[3]!.trim().slice(0, 300) }] : [];
}
