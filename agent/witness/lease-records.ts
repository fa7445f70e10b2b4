import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { StoreRecordSchema } from '../../shared/lease/store-record-schema.ts';
import { seedRecord, type StoreRecord } from '../../shared/lease/store.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import { nodeFiles, type Files } from '../durable/files.ts';

/** The witness's durable record of one cluster. `missing`: never seeded, so nothing may be granted. */
export function loadLeaseRecord(
  folder: string,
  cluster: string,
  files: Files = nodeFiles,
): Result<StoreRecord, string> {
  const read = readDurable(recordPath(folder, cluster), files);
  if (!read.ok) return fail(read.error.kind === 'missing' ? 'missing' : read.error.why);
  const parsed = StoreRecordSchema.safeParse(read.value);
  if (!parsed.success || parsed.data.cluster !== cluster)
    return fail('the record has another form than expected');
  return succeed(parsed.data);
}

export function saveLeaseRecord(folder: string, record: StoreRecord, files: Files = nodeFiles): void {
  writeDurable(recordPath(folder, record.cluster), record, files);
}

/**
 * Makes the first record of every cluster that has none. A person (or the installer, for a site that never
 * ran) does this once: a store without memory must not grant by itself.
 */
export function seedLeaseRecords(
  folder: string,
  clusters: readonly { id: string; T: number }[],
  epoch: number,
): { cluster: string; seeded: boolean }[] {
  const storeId = randomBytes(8).toString('hex');
  return clusters.map(({ id, T }) => {
    const present = loadLeaseRecord(folder, id);
    if (present.ok || present.error !== 'missing') return { cluster: id, seeded: false };
    saveLeaseRecord(folder, seedRecord(storeId, id, T, epoch));
    return { cluster: id, seeded: true };
  });
}

function recordPath(folder: string, cluster: string): string {
  return join(folder, `lease-${cluster}.json`);
}
