import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import { leastEpoch, type HolderState } from '../../shared/lease/holder.ts';
import { storageAhead, type StoreStanding } from '../../shared/lease/store-replacement.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import { standingRefusal } from '../lease-stores/lease-refusal.ts';
import { storeAnswers } from './lease-view.ts';
import { oddStore, type OddStore } from './odd-store.ts';

/** What the store's last answer says about the store itself: whether it is the right one, and whether it has a record. */
export class StoreWatch {
  /** Why it refuses this member whatever is asked; null: it does not. */
  refusal: string | null = null;
  /** It answers, but must not be believed; null: it may. */
  odd: OddStore | null = null;
  private unseededAtMs: number | null = null;
  /** What the storage carries, and since when looks have found that. */
  private carried: { readonly generation: number; readonly sinceMs: number } | null = null;
  private readonly timing: TimingPolicy;

  constructor(timing: TimingPolicy) {
    this.timing = timing;
  }

  hear(answer: LeaseAnswer, { memory }: HolderState, nowMs: number): void {
    this.refusal = standingRefusal(answer, this.timing.T);
    this.odd = oddStore(answer, { ...memory, epoch: leastEpoch(memory) });
    const unseeded = answer.result === 'refused' && answer.unseeded === true;
    this.unseededAtMs = unseeded ? nowMs : null;
  }

  /** A look at the storage that has just ended has found this generation. */
  storageShows(generation: number, nowMs: number): void {
    if (this.carried?.generation !== generation) this.carried = { generation, sinceMs: nowMs };
  }

  /** The epoch that the storage carries, where neither store nor member know of it; null: they do, or it is not known. */
  storageAhead({ memory, seen }: HolderState): number | null {
    const answer = seen === null ? null : { epoch: seen.view.epoch, sentMs: seen.sentMs };
    return storageAhead(this.carried, answer, memory.epoch);
  }

  /** Why it cannot be used. `path`: why there is no connection to it; null: there is one. */
  trouble(reachable: boolean, path: string | null): string | null {
    if (reachable) return this.refusal;
    return path ?? this.odd?.why ?? this.refusal ?? 'it is connected but does not answer';
  }

  /** What answers where the store of this member should be, for a person who wants to replace it. */
  standing(holder: HolderState, path: string | null, nowMs: number): StoreStanding {
    const { H, O } = this.timing;
    const fresh = this.unseededAtMs !== null && nowMs - this.unseededAtMs <= (H + 2 * O) * 1000;
    if (fresh) return { kind: 'unseeded' };
    if (this.odd !== null && path === null) {
      const { behind, storeId, epoch } = this.odd;
      return behind === null ? { kind: 'other', storeId, epoch } : { kind: 'behind', epoch };
    }
    const { storeId } = holder.memory;
    const { seen } = holder;
    if (storeId === null || seen === null || !storeAnswers(holder, nowMs, this.timing))
      return { kind: 'silent' };
    const { epoch } = seen.view;
    return this.storageAhead(holder) === null
      ? { kind: 'working', storeId, epoch }
      : { kind: 'behind', epoch };
  }
}
