import type { PolicyRecord } from '../../shared/lease/store-policy.ts';
import {
  mayGiveWay,
  recordToWrite,
  restoreStore,
  seedRecord,
  type StoreState,
} from '../../shared/lease/store.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { Files } from '../durable/files.ts';
import { loadLeaseRecord, saveLeaseRecord } from './lease-records.ts';

/** A record that could not be used is looked at again after this. */
const retryMs = 1_000;

export interface LeaseSlotOptions {
  readonly cluster: string;
  /** The configured T, in seconds. */
  readonly T: number;
  readonly members: readonly string[];
  readonly failoversPerHour?: number | undefined;
  readonly folder: string;
  readonly files: Files;
  /** Told when the record becomes unusable, with a new reason, or usable again. */
  readonly note: (sentence: string) => void;
}

/** What the first record of a store begins with. */
export interface SeedWish {
  readonly storeId: string;
  readonly epoch: number;
  /** What the store before it knew beside the lease. */
  readonly policy?: PolicyRecord | undefined;
}

/** One cluster's lease on this witness: its durable record, and what is remembered only while the witness runs. */
export class LeaseSlot {
  readonly options: LeaseSlotOptions;
  private state: StoreState | null = null;
  private why: string | null = null;
  private blank = false;
  private lookedMs: number;

  constructor(options: LeaseSlotOptions, nowMs: number) {
    this.options = options;
    this.lookedMs = nowMs;
    this.use(this.load(nowMs, 'as found'));
  }

  /** What the rules work on; null while there is no usable record, and then nothing may be granted. */
  present(): StoreState | null {
    return this.state;
  }

  /** Why there is no usable record, as a sentence; null when there is one. */
  trouble(): string | null {
    return this.why;
  }

  /** There is no record that could be read, so one may be made. A disk that only refuses a write is not that. */
  unseeded(): boolean {
    return this.blank;
  }

  /**
   * Makes the first record of a store that has lost its own, or has one older than `epoch`. Its lease counts as live
   * for T + δ. The same again is harmless.
   */
  seed(
    { storeId, epoch, policy }: SeedWish,
    nowMs: number,
  ): Result<StoreState, 'seeded' | 'not-durable' | 'retired'> {
    const { cluster, T, failoversPerHour, note } = this.options;
    const present = this.state?.record;
    if (present?.retired !== undefined && present.storeId === storeId) return fail('retired');
    if (this.state !== null && present?.storeId === storeId) return succeed(this.state);
    if (present === undefined && !this.blank) return fail('not-durable');
    if (present !== undefined && !mayGiveWay(present, epoch)) return fail('seeded');
    const record = { ...seedRecord(storeId, cluster, T, epoch), policy };
    const made = restoreStore(record, T, nowMs, failoversPerHour);
    this.use(this.save(made, nowMs));
    if (this.state === null) return fail('not-durable');
    note(`The lease record of ${cluster} was seeded with epoch ${epoch}, as store ${storeId}.`);
    return succeed(this.state);
  }

  /** Looks at an unusable record again, at most once in a while. True when it has become usable. */
  retry(nowMs: number): boolean {
    if (this.state !== null || nowMs - this.lookedMs < retryMs) return false;
    this.lookedMs = nowMs;
    // What is read after a failed write may not be on the disk for certain: it is written once more.
    this.use(this.load(nowMs, 'written anew'));
    return this.state !== null;
  }

  /** Takes the next state over. A durable one is on disk when this returns true; else nothing may rest on it. */
  replace(next: StoreState, kind: 'durable' | 'volatile', nowMs: number): boolean {
    if (kind === 'durable') {
      const written = this.save(next, nowMs);
      if (!written.ok) {
        // It is not known what is on disk now: nothing is granted until it has been read again.
        this.lookedMs = nowMs;
        this.use(written);
        return false;
      }
    }
    this.state = next;
    return true;
  }

  private use(found: Result<StoreState, string>): void {
    const { cluster, note } = this.options;
    const before = this.why;
    this.state = found.ok ? found.value : null;
    this.why = found.ok ? null : found.error;
    if (this.why !== null && this.why !== before)
      note(`The lease record of ${cluster} cannot be used: ${this.why}`);
    if (this.why === null && before !== null)
      note(`The lease record of ${cluster} can be used again; its lease counts as live for T + δ.`);
  }

  /** A configured T that grew is on disk before anything is granted under it: a later start must wait for it too. */
  private load(nowMs: number, how: 'as found' | 'written anew'): Result<StoreState, string> {
    const { folder, cluster, T, files, failoversPerHour } = this.options;
    const found = loadLeaseRecord(folder, cluster, files);
    this.blank = !found.ok;
    if (!found.ok) return found.error === 'missing' ? fail('it is missing and must be seeded') : found;
    const state = restoreStore(found.value, T, nowMs, failoversPerHour);
    return how === 'as found' && state.record.T === found.value.T ? succeed(state) : this.save(state, nowMs);
  }

  private save(state: StoreState, nowMs: number): Result<StoreState, string> {
    const { folder, files } = this.options;
    try {
      saveLeaseRecord(folder, recordToWrite(state, nowMs), files);
      this.blank = false;
      return succeed(state);
    } catch (error) {
      return fail(`it cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
    }
  }
}
