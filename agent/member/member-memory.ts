import { join } from 'node:path';
import * as z from 'zod/mini';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import { nodeFiles, type Files } from '../durable/files.ts';

const StoredOperation = z.object({
  id: z.string(),
  kind: z.enum(['switchover', 'handover', 'failback', 'failover']),
  to: z.string(),
  epoch: z.int(),
  requestedBy: z.string(),
  reason: z.string(),
  startedWallTime: z.string(),
  idempotencyKey: z.string(),
  /** The higher epoch with which the peer has been seen Active since; absent: not seen yet. */
  peerActiveEpoch: z.optional(z.int()),
});
export type StoredOperation = z.infer<typeof StoredOperation>;

const MemberMemory = z.object({
  schema: z.literal(1),
  siteId: z.string(),
  cluster: z.string(),
  server: z.string(),
  epoch: z.int(),
  ended: z.int(),
  storeId: z.nullable(z.string()),
  operation: z.nullable(StoredOperation),
  /** How this member asked for its last lease: a failover that nobody had asked for may be undone by rule. */
  tookOver: z.optional(z.enum(['by-rule', 'asked'])),
});
export type MemberMemory = z.infer<typeof MemberMemory>;

/** Durable state of one member: read once at the start, then written before anything rests on it. */
export interface MemoryFile {
  readonly damaged: string | null;
  /** Why the last write failed; null: it worked. */
  unwritable(): string | null;
  current(): MemberMemory;
  /** Fsynced when it returns; throws when it could not be written, and then nothing may rest on it. */
  update(change: Partial<Pick<MemberMemory, 'epoch' | 'ended' | 'storeId' | 'operation' | 'tookOver'>>): void;
}

/** Opens `<state>/member.json`. A missing file is a member that never ran; a damaged one refuses to be Active. */
export function openMemoryFile(
  stateFolder: string,
  who: { siteId: string; cluster: string; server: string },
  files: Files = nodeFiles,
): MemoryFile {
  const path = join(stateFolder, 'member.json');
  const loaded = load(path, who, files);
  let memory = loaded.memory;
  let unwritable: string | null = null;
  return {
    damaged: loaded.damaged,
    unwritable: () => unwritable,
    current: () => memory,
    update(change) {
      if (loaded.damaged !== null) throw new Error(loaded.damaged);
      const next = { ...memory, ...change };
      if (next.epoch < memory.epoch || next.ended < memory.ended) throw new Error('epochs only grow');
      try {
        writeDurable(path, next, files);
      } catch (error) {
        unwritable = (error as NodeJS.ErrnoException).code ?? String(error);
        throw error;
      }
      unwritable = null;
      memory = next;
    },
  };
}

function load(path: string, who: { siteId: string; cluster: string; server: string }, files: Files) {
  const empty: MemberMemory = { schema: 1, ...who, epoch: 0, ended: 0, storeId: null, operation: null };
  const read = readDurable(path, files);
  if (!read.ok) return { memory: empty, damaged: read.error.kind === 'missing' ? null : read.error.why };
  const parsed = MemberMemory.safeParse(read.value);
  if (!parsed.success) return { memory: empty, damaged: `${path} has another form than expected` };
  const { siteId, cluster, server } = parsed.data;
  if (siteId !== who.siteId || cluster !== who.cluster || server !== who.server) {
    return { memory: empty, damaged: `${path} belongs to ${siteId}/${cluster}/${server}` };
  }
  return { memory: parsed.data, damaged: null };
}
