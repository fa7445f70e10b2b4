import { join } from 'node:path';
import * as z from 'zod/mini';
import { KeptMaintenanceSchema } from '../../shared/agent-api/maintenance-frames.ts';
import { PeriodSchema } from '../../shared/agent-api/period-schema.ts';
import { fenceStatements } from '../../shared/lease/forced.ts';
import { PolicyRecordSchema } from '../../shared/lease/store-record-schema.ts';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import { nodeFiles, type Files } from '../durable/files.ts';
import { AskedAt } from './asked-since.ts';

const StoredOperation = z.object({
  id: z.string(),
  kind: z.enum(['switchover', 'handover', 'failback', 'failover', 'force-takeover']),
  to: z.string(),
  epoch: z.int(),
  requestedBy: z.string(),
  reason: z.string(),
  startedWallTime: z.string(),
  idempotencyKey: z.string(),
  /** The higher epoch with which the peer has been seen Active since; absent: not seen yet. */
  peerActiveEpoch: z.optional(z.int()),
  /** Of a forced takeover: what the person has stated, and whether it may go on without the store. */
  statement: z.optional(z.enum(fenceStatements)),
  withoutStore: z.optional(z.boolean()),
  /**
   * Of a forced takeover: the boot-time clock when it was asked for, and the wall clock minus that. What a person states
   * about the other server is of that moment: it starts nothing on a server that was started anew since.
   */
  asked: z.optional(AskedAt),
});
export type StoredOperation = z.infer<typeof StoredOperation>;

/** A takeover that was forced here without the store; see shared/lease/forced.ts. */
const StoredForced = z.object({
  epoch: z.int(),
  from: z.int(),
  by: z.string(),
  reason: z.string(),
  at: z.string(),
  statement: z.enum(fenceStatements),
});

const StoredPeriod = z.optional(z.nullable(PeriodSchema));

export const MemberMemory = z.object({
  /**
   * 2 while a promise or the mark of a forced takeover stands: an agent of an earlier release would not keep it, so it
   * must not take the file for its own. Without them the file stays one that it can read.
   */
  schema: z.union([z.literal(1), z.literal(2)]),
  siteId: z.string(),
  cluster: z.string(),
  server: z.string(),
  epoch: z.int(),
  ended: z.int(),
  storeId: z.nullable(z.string()),
  operation: z.nullable(StoredOperation),
  /** How this member asked for its last lease: a failover that nobody had asked for may be undone by rule. */
  tookOver: z.optional(z.enum(['by-rule', 'asked'])),
  /** Peer mode as the Active: the period asked for, the one it lives on, and the last one that was left. */
  asked: StoredPeriod,
  peer: StoredPeriod,
  left: StoredPeriod,
  /** Peer mode as the Passive: the promise that stands, and the last one that was given. */
  promise: StoredPeriod,
  promised: StoredPeriod,
  /** Stands until the peer, which a person has stated to be fenced, has been re-admitted. */
  forced: z.optional(StoredForced),
  /** The peer has taken over by force under this epoch: never Active here until a person re-admits this member. */
  expelled: z.optional(z.object({ epoch: z.int(), by: z.string() })),
  /** The maintenance that this member has confirmed; see shared/lease/kept-maintenance.ts. */
  maintenance: z.optional(z.nullable(KeptMaintenanceSchema)),
  /** What a store that was retired here knew beside the lease: the first record of its successor is made with it. */
  carried: z.optional(PolicyRecordSchema),
  /** The machine that wrote it; absent: an agent of an earlier release, or a machine without an id. */
  machineId: z.optional(z.string()),
});
export type MemberMemory = z.infer<typeof MemberMemory>;

/** Durable state of one member: read once at the start, then written before anything rests on it. */
export interface MemoryFile {
  /** Why it cannot be trusted; null: it can. */
  readonly damaged: string | null;
  /** It is whole, but belongs to another member or machine: a clone, or a server that was renamed. Only a person decides. */
  readonly foreign: boolean;
  /** What is damaged is that it has none, although the cluster has been Active before. */
  readonly missing: boolean;
  /**
   * A store answers, with this epoch; called before anything of the answer is used. A member that has never belonged to
   * a store has no past: where the store knows of one, its own was taken away, or is that of the server before this one.
   */
  meetStore(epoch: number): void;
  /** Why the last write failed; null: it worked. */
  unwritable(): string | null;
  current(): MemberMemory;
  /** Fsynced when it returns; throws when it could not be written, and then nothing may rest on it. */
  update(change: Partial<Omit<MemberMemory, 'schema' | 'siteId' | 'cluster' | 'server' | 'machineId'>>): void;
  /**
   * Begins anew in place of a state that cannot be trusted, with an epoch that has ended here and is as high as any
   * that is known: by the store, by the peer, or readable in what was damaged. Throws when it cannot be written.
   */
  rebuild(known: { readonly epoch: number; readonly storeId: string }): void;
}

interface Owner {
  readonly siteId: string;
  readonly cluster: string;
  readonly server: string;
  readonly machineId?: string | null | undefined;
}

interface Loaded {
  readonly memory: MemberMemory;
  readonly damaged: string | null;
  readonly foreign: boolean;
  readonly missing: boolean;
  /** The highest epoch that can be read in what cannot be trusted. */
  readonly readable: number;
}

/**
 * Opens `<state>/member.json`. A damaged one refuses to be Active. A missing one is that of a member that never ran, as
 * long as no store tells of an epoch before: then what it has promised is not known, and it counts as damaged.
 */
export function openMemoryFile(stateFolder: string, who: Owner, files: Files = nodeFiles): MemoryFile {
  const path = join(stateFolder, 'member.json');
  let loaded = load(path, who, files);
  let memory = loaded.memory;
  let unwritable: string | null = null;
  const write = (changed: MemberMemory) => {
    const next = { ...changed, schema: keepsMore(changed) ? 2 : 1 } as const;
    try {
      writeDurable(path, next, files);
    } catch (error) {
      unwritable = (error as NodeJS.ErrnoException).code ?? String(error);
      throw error;
    }
    unwritable = null;
    memory = next;
  };
  return {
    get damaged() {
      return loaded.damaged;
    },
    get foreign() {
      return loaded.foreign;
    },
    get missing() {
      return loaded.missing;
    },
    meetStore(epoch) {
      if (loaded.damaged !== null || memory.storeId !== null || memory.epoch > 0 || epoch === 0) return;
      const damaged = `it has none, although the cluster has been Active before (epoch ${epoch})`;
      loaded = { ...loaded, damaged, missing: true };
    },
    unwritable: () => unwritable,
    current: () => memory,
    update(change) {
      if (loaded.damaged !== null) throw new Error(loaded.damaged);
      const next = { ...memory, ...ownMachine(who), ...change };
      if (next.epoch < memory.epoch || next.ended < memory.ended) throw new Error('epochs only grow');
      write(next);
    },
    rebuild({ epoch, storeId }) {
      if (loaded.damaged === null) throw new Error('the state is not damaged');
      const highest = Math.max(epoch, loaded.readable);
      write({ ...emptyMemory(who), epoch: highest, ended: highest, storeId });
      loaded = { ...loaded, damaged: null, foreign: false, missing: false };
    },
  };
}

function keepsMore({ promise, forced, expelled }: MemberMemory): boolean {
  return Boolean(promise) || forced !== undefined || expelled !== undefined;
}

function ownMachine({ machineId }: Owner): { machineId?: string } {
  return machineId ? { machineId } : {};
}

function emptyMemory(who: Owner): MemberMemory {
  const { siteId, cluster, server } = who;
  const begun = { epoch: 0, ended: 0, storeId: null, operation: null };
  return { schema: 1, siteId, cluster, server, ...begun, ...ownMachine(who) };
}

function load(path: string, who: Owner, files: Files): Loaded {
  const refused = (damaged: string, foreign = false): Loaded => {
    const readable = Math.max(readableEpoch(path, files), readableEpoch(`${path}.previous`, files));
    return { memory: emptyMemory(who), damaged, foreign, missing: false, readable };
  };
  const read = readDurable(path, files);
  if (!read.ok && read.error.kind === 'missing') {
    return whole(emptyMemory(who));
  }
  if (!read.ok) return refused(read.error.kind === 'damaged' ? read.error.why : 'it is missing');
  const parsed = MemberMemory.safeParse(read.value);
  if (!parsed.success) return refused(`${path} has another form than expected`);
  const { siteId, cluster, server, machineId } = parsed.data;
  if (siteId !== who.siteId || cluster !== who.cluster || server !== who.server) {
    return refused(`${path} belongs to ${siteId}/${cluster}/${server}`, true);
  }
  if (machineId !== undefined && who.machineId && machineId !== who.machineId) {
    return refused(`${path} was written by another machine: this one is a copy, or was replaced`, true);
  }
  return whole(parsed.data);
}

function whole(memory: MemberMemory): Loaded {
  return { memory, damaged: null, foreign: false, missing: false, readable: 0 };
}

const Epoch = z.object({ epoch: z.int().check(z.minimum(0)) });

/** Only for the bound below which nothing begins anew: what is read here is trusted for nothing else. */
function readableEpoch(path: string, files: Files): number {
  const read = readDurable(path, files);
  const parsed = Epoch.safeParse(read.ok ? read.value : null);
  return parsed.success ? parsed.data.epoch : 0;
}
