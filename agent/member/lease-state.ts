import { randomUUID } from 'node:crypto';
import {
  memoryOf,
  newMemberLease,
  type LeaseMemory,
  type MemberLease,
} from '../../shared/lease/member-lease.ts';
import { holderMemory } from './lease-view.ts';
import type { MemberMemory, MemoryFile } from './member-memory.ts';

/**
 * The member's part in the lease, in memory and on disk. A step has happened when it is written down: nobody sees its
 * state before.
 */
export class LeaseState {
  private readonly memory: MemoryFile;
  private readonly note: (sentence: string) => void;
  private state: MemberLease;
  private toldTrouble = '';

  constructor(memory: MemoryFile, note: (sentence: string) => void) {
    this.memory = memory;
    this.note = note;
    this.state = begin(memory, randomUUID());
  }

  current(): MemberLease {
    return this.state;
  }

  /**
   * Takes the step if what survives of it is on disk, in one write, with what is to be written beside it. Throws when
   * it cannot be written.
   */
  commit(
    next: MemberLease,
    beside: Partial<Pick<MemberMemory, 'expelled' | 'forced' | 'tookOver'>> = {},
  ): void {
    const change = changeBetween(leaseMemory(this.memory.current()), memoryOf(next));
    // A damaged state is not written over, but the store is heard: it knows the epoch to begin anew with.
    const onlyPins = change !== null && Object.keys(change).every((name) => name === 'storeId');
    const writes = change !== null || Object.keys(beside).length > 0;
    if (writes && !(onlyPins && this.memory.damaged !== null)) this.memory.update({ ...change, ...beside });
    this.state = next;
  }

  /** As `commit`; false: the step has not happened, which is told once. `what` did not happen. */
  take(next: MemberLease, what: string, beside: Parameters<LeaseState['commit']>[1] = {}): boolean {
    try {
      this.commit(next, beside);
      this.toldTrouble = '';
      return true;
    } catch (error) {
      const trouble = `${what}: it could not be written down (${String(error)}).`;
      if (trouble !== this.toldTrouble) this.note(trouble);
      this.toldTrouble = trouble;
      return false;
    }
  }

  /** A step of which nothing survives: what is asked for and seen, a lease or a promise that is not used any more. */
  set(next: MemberLease): void {
    this.state = next;
  }

  /** The durable state was begun anew: nothing of this process counts any more. */
  rememberAnew(): void {
    const { holder, asker } = this.state;
    const begun = begin(this.memory, asker.nonce);
    const { memory } = begun.holder;
    this.state = { ...begun, holder: { ...holder, memory, lease: null, pending: new Map() } };
  }
}

function begin(memory: MemoryFile, nonce: string): MemberLease {
  const begun = newMemberLease(leaseMemory(memory.current()), nonce, false);
  return { ...begun, holder: { ...begun.holder, memory: holderMemory(memory) } };
}

function leaseMemory(memory: MemberMemory): LeaseMemory {
  const { epoch, ended, storeId, asked, peer, left, promise, promised } = memory;
  return {
    epoch,
    ended,
    storeId,
    asked: asked ?? null,
    peer: peer ?? null,
    left: left ?? null,
    promise: promise ?? null,
    promised: promised ?? null,
  };
}

const kept = ['epoch', 'ended', 'storeId', 'asked', 'peer', 'left', 'promise', 'promised'] as const;

/** Null: nothing that survives has changed. */
function changeBetween(before: LeaseMemory, after: LeaseMemory): Partial<LeaseMemory> | null {
  const changed = kept.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return changed.length === 0 ? null : Object.fromEntries(changed.map((name) => [name, after[name]]));
}
