/** What stands in etcd for one cluster: the record, the beat of its holder, and the looks of its members. */
import * as z from 'zod/mini';
import type { FoundRecord } from '../../shared/lease/observed-store.ts';
import { StoreRecordSchema } from '../../shared/lease/store-record-schema.ts';
import { parseJson } from '../../shared/parse-json.ts';
import type { EtcdAnswer } from './etcd-messages.ts';

export interface EtcdKeys {
  readonly record: string;
  readonly beat: string;
  /** Written with each look of a member: it proves that the store takes writes, not only reads. */
  readonly look: string;
}

export function etcdKeys(prefix: string, cluster: string, member: string): EtcdKeys {
  const of = `${prefix}/${cluster}`;
  return { record: `${of}/record`, beat: `${of}/beat`, look: `${of}/look/${member}` };
}

const ageMs = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));

const RecordValue = z.object({
  schema: z.literal(1),
  /** The etcd cluster that it was written to: a copy of it in another one is not the record. */
  etcdCluster: z.string(),
  /** Who has written it, and which of its writes: an answer that was lost is recognised by it. */
  writeId: z.string(),
  record: StoreRecordSchema,
});
export type RecordValue = z.infer<typeof RecordValue>;

const BeatValue = z.object({
  /** Each beat differs from the one before. */
  id: z.string(),
  /** The record that the holder knew, and how long ago it was written at most. */
  of: z.string(),
  recordAgeMs: ageMs,
});
export type BeatValue = z.infer<typeof BeatValue>;

export type FoundInEtcd =
  | { readonly kind: 'record'; readonly found: FoundRecord }
  /** There is none that may be used, and one may be made. `revision`: of what stands there; 0: nothing does. */
  | { readonly kind: 'none'; readonly why: string; readonly revision: number; readonly clusterId: string };

/** The record of `cluster` as an answer shows it. */
export function findRecord({ keys, clusterId }: EtcdAnswer, at: EtcdKeys, cluster: string): FoundInEtcd {
  const stands = keys.find(({ key }) => key === at.record);
  const none = (why: string): FoundInEtcd => ({
    kind: 'none',
    why,
    revision: stands?.modRevision ?? 0,
    clusterId,
  });
  if (stands === undefined) return none('it is missing and must be seeded');
  const value = RecordValue.safeParse(parseJson(stands.value));
  if (!value.success || value.data.record.cluster !== cluster)
    return none('it has another form than expected: somebody has overwritten it');
  const { etcdCluster, writeId, record } = value.data;
  if (etcdCluster !== clusterId)
    return none(
      `it is a copy from another etcd (cluster id ${etcdCluster}); this one has cluster id ${clusterId}`,
    );
  const beat = keys.find(({ key }) => key === at.beat);
  const told = BeatValue.safeParse(parseJson(beat?.value ?? ''));
  const recordAgeMs = told.success && told.data.of === writeId ? told.data.recordAgeMs : 0;
  return {
    kind: 'record',
    found: {
      record,
      writeId,
      recordRevision: stands.modRevision,
      beatRevision: beat?.modRevision ?? 0,
      recordAgeMs,
    },
  };
}
