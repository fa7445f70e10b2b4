import type { Clock } from '../../shared/clock.ts';
import { observe, type FoundRecord, type Observation } from '../../shared/lease/observed-store.ts';
import type { StoreRecord } from '../../shared/lease/store.ts';
import type { EtcdClient, EtcdReply } from './etcd-client.ts';
import type { EtcdTxn } from './etcd-messages.ts';
import { etcdKeys, findRecord, type BeatValue, type EtcdKeys, type RecordValue } from './etcd-record.ts';

export interface EtcdCellOptions {
  readonly client: Pick<EtcdClient, 'txn' | 'belongsTo'>;
  readonly clock: Clock;
  readonly prefix: string;
  readonly cluster: string;
  /** The member that looks and writes. */
  readonly member: string;
  /** Of this process: names its writes. */
  readonly nonce: string;
}

export type Found =
  | { readonly kind: 'seen'; readonly seen: Observation }
  /** No usable record; `revision`: of what stands in its place. */
  | { readonly kind: 'none'; readonly revision: number; readonly reply: EtcdReply };

/** What is written, and what must not have changed since it was seen. */
export interface EtcdChange {
  /** The next record, as `recordToWrite` makes it; absent: it stays. */
  readonly record?: StoreRecord;
  /** Writes a beat. */
  readonly beat?: boolean;
  /** Only if nobody else has written a beat. */
  readonly sameBeat?: boolean;
}

/** The keys of one cluster in etcd: reads them, remembers what was seen when, and changes them by compare-and-swap. */
export class EtcdCell {
  private readonly options: EtcdCellOptions;
  private readonly keys: EtcdKeys;
  private observation: Observation | null = null;
  private why: string | null = null;
  private writes = 0;
  /** Of the etcd that holds the record; null: not known yet. */
  private clusterId: string | null = null;
  /** Of the etcd that has answered last. */
  private answering: string | null = null;

  constructor(options: EtcdCellOptions) {
    this.options = options;
    this.keys = etcdKeys(options.prefix, options.cluster, options.member);
  }

  /** What was seen last; null: nothing yet, or what stands there now cannot be used. */
  seen(): Observation | null {
    return this.why === null ? this.observation : null;
  }

  /** Why there is no usable record, as a sentence's end; null: there is one, or it has not been looked for yet. */
  unusable(): string | null {
    return this.why;
  }

  /** The id of the etcd cluster that has answered last; null: none yet. */
  etcdCluster(): string | null {
    return this.answering;
  }

  /** A look at the record that also proves that the store takes writes: reads go on where writes are refused. */
  async look(): Promise<Found> {
    const { record, look } = this.keys;
    const value = JSON.stringify({ id: this.nextWrite() });
    return this.take(await this.txn({ unchanged: [], present: [record], puts: [{ key: look, value }] }));
  }

  /** Changes what was `seen`. Not done: somebody else was faster, and `found` is what stands there now. */
  async change(
    seen: Observation,
    { record, beat = false, sameBeat = false }: EtcdChange,
  ): Promise<{ readonly done: boolean; readonly found: Found }> {
    const { keys } = this;
    const writeId = this.nextWrite();
    const recordAgeMs = Math.max(0, Math.round(this.options.clock.bootMs() - seen.writtenMs));
    const told: BeatValue =
      record === undefined
        ? { id: writeId, of: seen.writeId, recordAgeMs }
        : { id: writeId, of: writeId, recordAgeMs: 0 };
    const reply = await this.txn({
      unchanged: [
        { key: keys.record, revision: seen.recordRevision },
        ...(sameBeat ? [{ key: keys.beat, revision: seen.beatRevision }] : []),
      ],
      puts: [
        ...(record === undefined ? [] : [this.recordPut(writeId, record)]),
        ...(beat ? [{ key: keys.beat, value: JSON.stringify(told) }] : []),
      ],
    });
    const found = this.take(reply);
    if (found.kind === 'none') return { done: false, found };
    // A request may have gone to two endpoints: what the first has carried out, the second finds done.
    return { done: reply.succeeded || found.seen.writeId === writeId, found };
  }

  /** Makes the first record in the place of what was found there, for the etcd that has answered so. */
  async make(found: Found, record: FoundRecord['record']): Promise<Found> {
    const { keys } = this;
    const writeId = this.nextWrite();
    if (found.kind === 'none') this.options.client.belongsTo(found.reply);
    this.clusterId = found.kind === 'none' ? found.reply.clusterId : this.clusterId;
    const told: BeatValue = { id: writeId, of: writeId, recordAgeMs: 0 };
    const revision = found.kind === 'none' ? found.revision : found.seen.recordRevision;
    return this.take(
      await this.txn({
        unchanged: [{ key: keys.record, revision }],
        puts: [this.recordPut(writeId, record), { key: keys.beat, value: JSON.stringify(told) }],
      }),
    );
  }

  /** What an answer shows is taken over, unless it is another etcd's or an older state of the same store. */
  private take(reply: EtcdReply): Found {
    const { client, cluster, clock } = this.options;
    this.answering = reply.clusterId;
    const found = findRecord(reply, this.keys, cluster);
    const why = found.kind === 'none' ? found.why : this.disbelieved(reply, found.found);
    if (found.kind === 'none' || why !== null) {
      const revision = found.kind === 'none' ? found.revision : found.found.recordRevision;
      this.why = reply.odd ?? why;
      return { kind: 'none', revision, reply };
    }
    if (this.clusterId === null || reply.odd !== null) client.belongsTo(reply);
    this.clusterId = reply.clusterId;
    this.why = null;
    this.observation = observe(this.observation, found.found, clock.bootMs());
    return { kind: 'seen', seen: this.observation };
  }

  /** An answer that does not continue the last one is believed only where a new store was made, under another id. */
  private disbelieved({ odd }: EtcdReply, { record }: FoundRecord): string | null {
    return record.storeId === this.observation?.record.storeId ? odd : null;
  }

  private recordPut(writeId: string, record: StoreRecord) {
    const whole: RecordValue = {
      schema: 1,
      etcdCluster: this.clusterId ?? '',
      writeId,
      record,
    };
    return { key: this.keys.record, value: JSON.stringify(whole) };
  }

  private txn(txn: Omit<EtcdTxn, 'reads'>): Promise<EtcdReply> {
    return this.options.client.txn({ ...txn, reads: [this.keys.record, this.keys.beat] });
  }

  private nextWrite(): string {
    this.writes += 1;
    return `${this.options.member}-${this.options.nonce}-${this.writes}`;
  }
}
