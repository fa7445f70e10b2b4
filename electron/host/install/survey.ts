import type {
  EngineService,
  FoundEngine,
  ServerSurvey,
  Starter,
} from '../../../shared/preflight/server-facts.ts';
import { blocks, valueOf, type Sections } from '../../../shared/preflight/fact-sections.ts';

const mostLines = 50;

/** Reads the part of the facts script that no installation decides on. What is missing is undefined. */
export function parseSurvey(sections: Sections): ServerSurvey {
  const lines = (name: string) => (sections.get(name) ?? []).slice(0, mostLines).map((line) => line.trim());
  const first = (name: string) => lines(name)[0] || undefined;
  const synchronised = first('time');
  const resolves = lines('names')[1];
  return {
    bootId: first('boot'),
    machineId: first('machine-id'),
    memoryMb: memory(lines('memory')),
    machineLoad: machineLoad(lines('load')),
    hostName: first('names'),
    knowsOwnName: resolves === undefined ? undefined : resolves === 'resolves',
    addresses: lines('addresses').flatMap((line) => line.split(/\s+/)),
    clockSynchronised: synchronised === 'yes' ? true : synchronised === 'no' ? false : undefined,
    timeServices: lines('time-services'),
    selinux: selinux(first('selinux')),
    appArmorProfiles: lines('apparmor'),
    managers: lines('managers').map((line) => {
      const [name, mention] = line.split(' ');
      return { name: name!, namesEngine: mention === 'names-engine' };
    }),
    starters: lines('starters').flatMap(starter),
    engines: blocks(lines('engines')).flatMap(([pid, block]) => engine(pid, block)),
    // Each has many lines: they are limited by the script.
    services: blocks(sections.get('services') ?? []).flatMap(([unit, block]) => service(unit, block)),
    leftovers: lines('leftovers'),
    versions: new Map(blocks(lines('versions')).flatMap(([port, block]) => version(port, block))),
    directories: new Map(
      blocks(lines('directories')).flatMap(([path, block]) =>
        valueOf(block, 'Directory') === 'yes'
          ? [[path, { hasLicence: valueOf(block, 'Licence') === 'yes' }]]
          : [],
      ),
    ),
  };
}

function memory(lines: readonly string[]): ServerSurvey['memoryMb'] {
  const mb = (key: string) => {
    const kb = lines.map((line) => new RegExp(`^${key}:\\s+(\\d+) kB$`).exec(line)?.[1]).find(Boolean);
    return kb === undefined ? undefined : Math.floor(Number(kb) / 1024);
  };
  const [total, available] = [mb('MemTotal'), mb('MemAvailable')];
  return total === undefined || available === undefined ? undefined : { total, available };
}

/** Three lines: processors, load, and open files as `USED FREE LIMIT`. */
function machineLoad(lines: readonly string[]): ServerSurvey['machineLoad'] {
  const [processors, load] = lines.slice(0, 2).map(Number);
  const [used, , limit] = (lines[2] ?? '').split(/\s+/).map(Number);
  const read = [processors, load, used, limit].every((value) => Number.isFinite(value));
  if (!read || !processors) return undefined;
  return { processors, load: load!, openFiles: { used: used!, limit: limit! } };
}

function selinux(enforce: string | undefined): ServerSurvey['selinux'] {
  if (enforce === '1') return 'enforcing';
  return enforce === '0' ? 'permissive' : 'absent';
}

function engine(pid: string, block: readonly string[]): FoundEngine[] {
  if (!/^\d+$/.test(pid)) return [];
  const unit = valueOf(block, 'Unit');
  return [
    {
      pid: Number(pid),
      program: valueOf(block, 'Program'),
      workingDirectory: valueOf(block, 'Cwd'),
      unit: unit.endsWith('.service') ? unit : '',
    },
  ];
}

function service(unit: string, block: readonly string[]): EngineService[] {
  if (valueOf(block, 'LoadState') !== 'loaded') return [];
  const openFiles = Number(valueOf(block, 'LimitNOFILE'));
  const directory = valueOf(block, 'WorkingDirectory');
  const memoryBytes = valueOf(block, 'MemoryCurrent');
  return [
    {
      unit,
      command: /path=([^ ;]+)/.exec(valueOf(block, 'ExecStart'))?.[1] ?? '',
      workingDirectory: directory.startsWith('/') ? directory : undefined,
      running: valueOf(block, 'ActiveState') === 'active',
      openFiles: openFiles > 0 ? openFiles : undefined,
      memoryMb: /^\d{1,15}$/.test(memoryBytes) ? Math.ceil(Number(memoryBytes) / 2 ** 20) : undefined,
      sockets: block.filter((line) => line.startsWith('Socket=')).map((line) => line.slice('Socket='.length)),
    },
  ];
}

/** `FILE:LINE:TEXT`, as grep tells it. */
function starter(line: string): Starter[] {
  const found = /^([^:]+):(\d+):(.*)$/.exec(line);
  return found ? [{ file: found[1]!, line: Number(found[2]), text: found[3]!.trim() }] : [];
}

/** An engine's answer to a question for its version: JSON with a field of that name. */
function version(port: string, block: readonly string[]): [number, string][] {
  const said = /"version"\s*:\s*"([^"]{1,40})"/i.exec(block.join(' '))?.[1];
  return said === undefined ? [] : [[Number(port), said]];
}
