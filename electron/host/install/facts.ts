import * as z from 'zod/mini';

const MemberMemory = z.object({ cluster: z.string(), epoch: z.int() });
export type MemberMemory = z.infer<typeof MemberMemory>;

/** Evidence that refusal and kill were provoked on the real unit. Kept on the server. */
export const GuardProof = z.object({
  unit: z.string(),
  /** On the engine itself, or on a stand-in process because the cluster was at work. */
  how: z.enum(['engine', 'stand-in']),
  /** From the deadline to the control group seen empty. */
  killMs: z.int(),
  wallTime: z.string(),
});
export type GuardProof = z.infer<typeof GuardProof>;

export interface FileFacts {
  readonly sha256: string;
  readonly mode: string;
  readonly owner: string;
}

export interface UnitFacts {
  /** `loaded`, `not-found`, `masked` … */
  readonly loadState: string;
  readonly activeState: string;
  readonly unitFileState: string;
  /** Its files changed since the service manager read them. */
  readonly needsReload: boolean;
  /** Inodes of the sockets of its main process. */
  readonly sockets: readonly string[];
}

export interface ShareFacts {
  /** False when it did not answer within ten seconds. */
  readonly answered: boolean;
  readonly isDirectory: boolean;
  readonly isMount: boolean;
  /** `SITE CLUSTER`, when it is marked. */
  readonly mark: string | undefined;
  /** Epoch that last wrote here; 0 when none did. */
  readonly generation: number;
}

/** What was seen on one server at one moment. */
export interface ServerFacts {
  readonly osName: string;
  readonly machine: string;
  readonly kernel: string;
  /** glibc as [major, minor]; undefined on other C libraries. */
  readonly glibc: readonly [number, number] | undefined;
  readonly init: string;
  readonly systemdVersion: number;
  readonly cgroup2Mount: string | undefined;
  readonly hasCgroupKill: boolean;
  /** Free megabytes by mount point of /usr, /var and /etc, in that order. */
  readonly freeMb: { readonly usr: number; readonly var: number };
  readonly bootMs: number;
  /** The server's wall clock, ISO 8601; certificates depend on it. Undefined when unreadable. */
  readonly wallTime: string | undefined;
  readonly programs: readonly string[];
  readonly listeners: readonly Listening[];
  readonly site: string | undefined;
  readonly currentVersion: string | undefined;
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly folders: ReadonlyMap<string, { readonly mode: string; readonly owner: string }>;
  readonly units: ReadonlyMap<string, UnitFacts>;
  readonly shares: ReadonlyMap<string, ShareFacts>;
  readonly proofs: ReadonlyMap<string, GuardProof>;
  /** What members remember, by cluster. */
  readonly memories: ReadonlyMap<string, MemberMemory>;
  /** Clusters that the lease store on this server has a record of. */
  readonly leases: ReadonlySet<string>;
  readonly haproxy: { readonly sections: number; readonly firstLine: string };
}

export interface Listening {
  readonly port: number;
  readonly inode: string;
  readonly loopbackOnly: boolean;
}

/** Reads the output of the facts script. Undefined when it is not whole: nothing may be decided on half of it. */
export function parseFacts(text: string): ServerFacts | undefined {
  const sections = splitSections(text);
  if (!sections.has('end')) return undefined;
  const lines = (name: string) => sections.get(name) ?? [];
  const first = (name: string) => lines(name)[0]?.trim() ?? '';
  const glibc = /glibc (\d+)\.(\d+)/.exec(first('libc'));
  const disks = lines('disk').filter((line) => /\s\d+%\s/.test(line));
  const freeMb = (index: number) => Math.floor(Number(disks[index]?.trim().split(/\s+/)[3] ?? 0) / 1024);
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
    site: first('site') || undefined,
    currentVersion: first('link') || undefined,
    files: new Map(lines('files').flatMap(parseFile)),
    folders: new Map(lines('folders').flatMap(parseFolder)),
    units: new Map(blocks(lines('units')).map(([name, block]) => [name, unitFacts(block)])),
    shares: new Map(blocks(lines('shares')).map(([name, block]) => [name, shareFacts(block)])),
    proofs: new Map(lines('proofs').flatMap(parseProof)),
    memories: new Map(lines('memories').flatMap(parseMemory)),
    leases: new Set(
      lines('leases').flatMap((name) => /^lease-([A-Za-z0-9_-]+)\.json$/.exec(name)?.[1] ?? []),
    ),
    haproxy: {
      sections: Number(first('haproxy') || 0),
      firstLine: lines('haproxy')[1]?.trim() ?? '',
    },
  };
}

function splitSections(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^== ([a-z-]+)$/.exec(line)?.[1];
    if (name !== undefined) sections.set(name, (current = []));
    else if (line.trim() !== '') current.push(line);
  }
  return sections;
}

/** A row of /proc/net/tcp: local address and port in hexadecimal, state 0A is LISTEN. */
function parseListener(line: string): Listening[] {
  const fields = line.trim().split(/\s+/);
  const local = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(fields[1] ?? '');
  if (!local || fields[3] !== '0A') return [];
  // IPv4 words are little-endian: 127.x ends in 7F. IPv6 loopback is ::1.
  const loopbackOnly =
    local[1]!.length === 8 ? local[1]!.endsWith('7F') : local[1] === `${'0'.repeat(24)}01000000`;
  return [{ port: parseInt(local[2]!, 16), inode: fields[9] ?? '', loopbackOnly }];
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

/** A damaged memory still proves that the member has run: its epoch is then not known. */
function parseMemory(line: string): [string, MemberMemory][] {
  const at = line.indexOf(' ');
  const cluster = line.slice(0, at).split('/').at(-2) ?? '';
  try {
    return [[cluster, z.parse(MemberMemory, JSON.parse(line.slice(at + 1)))]];
  } catch {
    return [[cluster, { cluster, epoch: -1 }]];
  }
}

function parseProof(line: string): [string, GuardProof][] {
  const at = line.indexOf(' ');
  try {
    return [[line.slice(0, at), z.parse(GuardProof, JSON.parse(line.slice(at + 1)))]];
  } catch {
    // A damaged proof is no proof.
    return [];
  }
}

/** Groups `Key=value` lines that each begin with `Asked=NAME`. */
function blocks(lines: readonly string[]): [string, string[]][] {
  const grouped: [string, string[]][] = [];
  for (const line of lines) {
    if (line.startsWith('Asked=')) grouped.push([line.slice('Asked='.length), []]);
    else grouped.at(-1)?.[1].push(line);
  }
  return grouped;
}

function valueOf(block: readonly string[], key: string): string {
  return block.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
}

function unitFacts(block: readonly string[]): UnitFacts {
  return {
    loadState: valueOf(block, 'LoadState'),
    activeState: valueOf(block, 'ActiveState'),
    unitFileState: valueOf(block, 'UnitFileState'),
    needsReload: valueOf(block, 'NeedDaemonReload') === 'yes',
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
  };
}
