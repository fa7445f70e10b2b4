import * as z from 'zod/mini';
import {
  GuardProof,
  readMemberMemory,
  type FileFacts,
  type HaproxyFacts,
  type MemberMemory,
  type PortHolder,
  type ServerFacts,
  type ShareFacts,
  type UnitFacts,
} from '../../../shared/preflight/server-facts.ts';
import { blocks, parseListener, splitSections, valueOf } from '../../../shared/preflight/fact-sections.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { MemberMode } from '../../../shared/site/member-config.ts';
import { parseSurvey } from './survey.ts';

/** Reads the output of the facts script. Undefined when it is not whole: nothing may be decided on half of it. */
export function parseFacts(text: string): ServerFacts | undefined {
  const sections = splitSections(text);
  if (!sections.has('end')) return undefined;
  const lines = (name: string) => sections.get(name) ?? [];
  const first = (name: string) => lines(name)[0]?.trim() ?? '';
  const glibc = /glibc (\d+)\.(\d+)/.exec(first('libc'));
  const disks = lines('disk').filter((line) => /\s\d+%\s/.test(line));
  const freeMb = (index: number) => {
    const kilobytes = Number(disks[index]?.trim().split(/\s+/)[3]);
    return Number.isFinite(kilobytes) ? Math.floor(kilobytes / 1024) : undefined;
  };
  return {
    osName: /^PRETTY_NAME="?([^"]*)"?$/m.exec(lines('os').join('\n'))?.[1] ?? 'unknown system',
    machine: first('machine'),
    kernel: lines('machine')[1]?.trim() ?? '',
    glibc: glibc ? [Number(glibc[1]), Number(glibc[2])] : undefined,
    init: first('init'),
    systemdVersion: Number(/^systemd (\d+)/.exec(first('systemd'))?.[1] ?? 0),
    cgroup2Mount: first('cgroup') || undefined,
    hasCgroupKill: first('cgroup-kill') !== '',
    freeMb: { usr: freeMb(0), var: freeMb(1) },
    bootMs: Math.round(Number(first('clock').split(' ')[0] ?? 0) * 1000),
    wallTime: lines('clock')[1]?.trim(),
    programs: lines('programs').map((path) => path.trim().split('/').at(-1) ?? ''),
    listeners: lines('listeners').flatMap(parseListener),
    holders: Map.groupBy(lines('holders').flatMap(parseHolder), ({ inode }) => inode),
    site: first('site') || undefined,
    found: {
      ...foundParts(blocks(lines('parts')), blocks(lines('gates'))),
      atWork: atWork(lines('at-work')),
    },
    currentVersion: first('link') || undefined,
    files: new Map(lines('files').flatMap(parseFile)),
    folders: new Map(lines('folders').flatMap(parseFolder)),
    units: new Map(blocks(lines('units')).map(([name, block]) => [name, unitFacts(block)])),
    shares: new Map(
      blocks(lines('shares')).map(([name, block]) => [
        name,
        { ...shareFacts(block), ...sizeOf(name, lines('sizes')) },
      ]),
    ),
    proofs: new Map(lines('proofs').flatMap(parseProof)),
    memories: new Map(lines('memories').flatMap(parseMemory)),
    leases: new Set(
      lines('leases').flatMap((name) => /^lease-([A-Za-z0-9_-]+)\.json$/.exec(name)?.[1] ?? []),
    ),
    ways: new Set(lines('ways').map((way) => way.trim())),
    haproxy: haproxyFacts(lines),
    survey: parseSurvey(sections),
  };
}

const FoundConfig = z.object({
  storage: z.object({ directory: z.string() }),
  mode: z.optional(MemberMode),
});

function foundParts(
  folders: readonly [string, string[]][],
  gates: readonly [string, string[]][],
): ServerFacts['found'] {
  return {
    members: folders
      .filter(([name]) => name !== 'witness')
      .map(([cluster, block]) => {
        const config = z.safeParse(FoundConfig, parseJson(valueOf(block, 'Config')));
        return {
          cluster,
          directory: config.data?.storage.directory,
          ...(config.data?.mode && { mode: config.data.mode }),
          hasRun: valueOf(block, 'Memory') === 'yes',
        };
      }),
    gates: gates.map(([unit, block]) => ({
      unit,
      cluster: valueOf(block, 'Cluster'),
      engine: unitFacts(block),
    })),
    witness: folders.some(([name]) => name === 'witness'),
  };
}

/** Clusters of units that run. */
function atWork(units: readonly string[]): string[] {
  return [
    ...new Set(
      units.flatMap((unit) => /^ixha-(?:agent|guard-\d)@(.+)\.service$/.exec(unit.trim())?.[1] ?? []),
    ),
  ];
}

/** `INODE PID UNIT PROGRAM`; `-` stands for a unit that is none. */
function parseHolder(line: string): (PortHolder & { inode: string })[] {
  const match = /^(\d+) (\d+) (\S+) ?(.*)$/.exec(line);
  if (!match) return [];
  const [, inode, pid, unit, program] = match;
  return [{ inode: inode!, pid: Number(pid), unit: unit === '-' ? '' : unit!, program: program!.trim() }];
}

function parseFile(line: string): [string, FileFacts][] {
  const match = /^([0-9a-f]{64}) (\d+) (\S+) (\/.*)$/.exec(line);
  if (!match) return [];
  return [[match[4]!, { sha256: match[1]!, mode: match[2]!.padStart(4, '0'), owner: match[3]! }]];
}

function parseFolder(line: string): [string, { mode: string; owner: string }][] {
  const match = /^(\d+) (\S+) (\/.*)$/.exec(line);
  return match ? [[match[3]!, { mode: match[1]!.padStart(4, '0'), owner: match[2]! }]] : [];
}

function parseMemory(line: string): [string, MemberMemory][] {
  const at = line.indexOf(' ');
  const cluster = line.slice(0, at).split('/').at(-2) ?? '';
  return [[cluster, readMemberMemory(cluster, parseJson(line.slice(at + 1)))]];
}

function parseProof(line: string): [string, GuardProof][] {
  const at = line.indexOf(' ');
  // A damaged proof is no proof.
  const proof = z.safeParse(GuardProof, parseJson(line.slice(at + 1)));
  return proof.success ? [[line.slice(0, at), proof.data]] : [];
}

function unitFacts(block: readonly string[]): UnitFacts {
  return {
    loadState: valueOf(block, 'LoadState'),
    activeState: valueOf(block, 'ActiveState'),
    unitFileState: valueOf(block, 'UnitFileState'),
    needsReload: valueOf(block, 'NeedDaemonReload') === 'yes',
    triggeredBy: valueOf(block, 'TriggeredBy').split(' ').filter(Boolean),
    wantedBy: ['WantedBy', 'RequiredBy'].flatMap((name) => valueOf(block, name).split(' ').filter(Boolean)),
    mountKind: valueOf(block, 'Type'),
    sockets: block.filter((line) => line.startsWith('Socket=')).map((line) => line.slice('Socket='.length)),
  };
}

function shareFacts(block: readonly string[]): ShareFacts {
  return {
    answered: valueOf(block, 'Answered') === 'yes',
    isDirectory: valueOf(block, 'Directory') === 'yes',
    isMount: valueOf(block, 'Mount') === 'yes',
    mark: valueOf(block, 'Mark') || undefined,
    generation: Number(/^\d{1,15}/.exec(valueOf(block, 'Generation'))?.[0] ?? 0),
    ...mountFacts(valueOf(block, 'MountInfo')),
    ...roomFacts(valueOf(block, 'Room'), valueOf(block, 'Inodes')),
  };
}

/** `MEGABYTES DIRECTORY` of what is copied. */
function sizeOf(directory: string, lines: readonly string[]): Pick<ShareFacts, 'sizeMb'> {
  const line = lines.find((one) => one.trim().endsWith(` ${directory}`));
  const size = /^(\d{1,12}) /.exec(line ?? '')?.[1];
  return size === undefined ? {} : { sizeMb: Number(size) };
}

function haproxyFacts(lines: (name: string) => readonly string[]): HaproxyFacts {
  const [sections, firstLine] = lines('haproxy');
  const sha256 = /^[0-9a-f]{64}/.exec(lines('haproxy-lines')[0] ?? '')?.[0];
  return {
    sections: Number(sections?.trim() || 0),
    firstLine: firstLine?.trim() ?? '',
    ...(sha256 !== undefined && { sha256 }),
  };
}

/** `KIND SOURCE OPTIONS`, as findmnt tells it. */
function mountFacts(line: string): Pick<ShareFacts, 'mount'> {
  const [kind, source, options] = line.trim().split(/\s+/);
  if (!kind || !source || !options) return {};
  return { mount: { kind, source, options: options.split(',') } };
}

/** Lines of `df -Pk` and `df -Pi` about the directory. */
function roomFacts(room: string, inodes: string): Pick<ShareFacts, 'freeMb' | 'freeInodesPercent'> {
  const freeKb = Number(room.trim().split(/\s+/)[3]);
  const used = /(\d+)%/.exec(inodes)?.[1];
  return {
    ...(Number.isFinite(freeKb) && room !== '' && { freeMb: Math.floor(freeKb / 1024) }),
    ...(used !== undefined && { freeInodesPercent: 100 - Number(used) }),
  };
}
