import * as z from 'zod/mini';
import type { MemberMode } from '../site/member-config.ts';

const MemberMemory = z.object({ cluster: z.string(), epoch: z.int() });
export type MemberMemory = z.infer<typeof MemberMemory>;

/** Reads what a member remembers. A damaged memory still proves that it has run: its epoch is not known. */
export function readMemberMemory(cluster: string, value: unknown): MemberMemory {
  const memory = z.safeParse(MemberMemory, value);
  return memory.success ? memory.data : { cluster, epoch: -1 };
}

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
  /** Other units that start it by themselves: timers, paths, sockets. */
  readonly triggeredBy?: readonly string[];
  /** Units that start it with them, such as `remote-fs.target`. */
  readonly wantedBy?: readonly string[];
  /** Of a mount: its file system, such as `nfs4`. */
  readonly mountKind?: string;
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
  /** How it is mounted: source, file system and options, as the kernel tells them. */
  readonly mount?: { readonly source: string; readonly kind: string; readonly options: readonly string[] };
  readonly freeMb?: number;
  /** What lies there; only asked for where it is copied, and absent when it was not told in time. */
  readonly sizeMb?: number;
  readonly freeInodesPercent?: number;
}

export interface Listening {
  readonly port: number;
  readonly inode: string;
  readonly loopbackOnly: boolean;
  /** Bound to an address of IPv6 alone, which leaves the same port of IPv4 free. */
  readonly ipv6Only?: true;
}

/** A process that has a listening socket open. */
export interface PortHolder {
  readonly pid: number;
  /** Empty: it could not be read. */
  readonly program: string;
  /** The service or scope it belongs to; empty: none. */
  readonly unit: string;
}

/** A process that looks like an engine. */
export interface FoundEngine {
  readonly pid: number;
  readonly program: string;
  readonly workingDirectory: string;
  /** The service it belongs to; empty when it was started by hand. */
  readonly unit: string;
}

/** A service that runs an engine, or names one. */
export interface EngineService {
  readonly unit: string;
  readonly command: string;
  readonly workingDirectory: string | undefined;
  readonly running: boolean;
  readonly openFiles: number | undefined;
  /** What its control group uses now; undefined while it does not run or nobody counts. */
  readonly memoryMb: number | undefined;
  /** Inodes of the sockets of its main process. */
  readonly sockets: readonly string[];
}

/** How much a machine can do, and does now. */
export interface MachineLoad {
  readonly processors: number;
  /** Average of waiting and working processes over the last 15 minutes. */
  readonly load: number;
  readonly openFiles: { readonly used: number; readonly limit: number };
}

/** A line of a schedule or start script that names an engine. */
export interface Starter {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What was looked at beside what an installation decides on. Whatever could not be read is undefined. */
export interface ServerSurvey {
  readonly bootId: string | undefined;
  readonly machineId: string | undefined;
  readonly memoryMb: { readonly total: number; readonly available: number } | undefined;
  readonly machineLoad: MachineLoad | undefined;
  readonly hostName: string | undefined;
  readonly knowsOwnName: boolean | undefined;
  readonly addresses: readonly string[];
  readonly clockSynchronised: boolean | undefined;
  /** Time services that run. */
  readonly timeServices: readonly string[];
  readonly selinux: 'enforcing' | 'permissive' | 'absent';
  /** AppArmor profiles that name an engine. */
  readonly appArmorProfiles: readonly string[];
  /** Cluster software that runs, and whether its configuration names one of the engines. */
  readonly managers: readonly { readonly name: string; readonly namesEngine: boolean }[];
  readonly starters: readonly Starter[];
  readonly engines: readonly FoundEngine[];
  /** Services that name the vendor's engine, and those that the site names. */
  readonly services: readonly EngineService[];
  /** What an earlier installation has put there. */
  readonly leftovers: readonly string[];
  /** Versions that engines tell of themselves, by API port. */
  readonly versions: ReadonlyMap<number, string>;
  /** Directories of engines that are there, and whether a licence file is. */
  readonly directories: ReadonlyMap<string, { readonly hasLicence: boolean }>;
}

/** A drop-in of ours that holds the starts of an engine back, and the engine behind it. */
export interface FoundGate {
  readonly unit: string;
  /** Empty: the drop-in does not say it. */
  readonly cluster: string;
  readonly engine: UnitFacts;
}

/** A member as it lies on a server. */
export interface FoundMember {
  readonly cluster: string;
  /** Where its storage is; undefined: its configuration cannot be read. */
  readonly directory: string | undefined;
  /** In which mode its agent works; absent: it is armed, or its configuration cannot be read. */
  readonly mode?: MemberMode;
  /** Its agent has run at least once. */
  readonly hasRun: boolean;
}

/** What of the product lies on a server, whatever it shall be now. */
export interface FoundParts {
  readonly members: readonly FoundMember[];
  readonly gates: readonly FoundGate[];
  readonly witness: boolean;
  /** Clusters whose agent or guards run, even where no file of theirs is left; absent: nobody looked. */
  readonly atWork?: readonly string[];
}

/** The configuration of HAProxy, as far as one is there. */
export interface HaproxyFacts {
  readonly sections: number;
  readonly firstLine: string;
  /** SHA-256 of its lines that are no comments; absent: there is none. */
  readonly sha256?: string;
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
  /** Free megabytes below /usr and /var. */
  readonly freeMb: { readonly usr: number | undefined; readonly var: number | undefined };
  readonly bootMs: number;
  /** The server's wall clock, ISO 8601; certificates depend on it. Undefined when unreadable. */
  readonly wallTime: string | undefined;
  readonly programs: readonly string[];
  readonly listeners: readonly Listening[];
  /** Who has listening sockets open, by inode; those that no process shows are not in it. */
  readonly holders: ReadonlyMap<string, readonly PortHolder[]>;
  readonly site: string | undefined;
  readonly found: FoundParts;
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
  /** `ADDRESS PORT` of what took a connection from here, of all that it needs to reach. */
  readonly ways: ReadonlySet<string>;
  readonly haproxy: HaproxyFacts;
  readonly survey: ServerSurvey;
}
