import type { SharedDirectory, StorageLook } from '../../agent/storage/shared-directory.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { EngineProcess } from './engine-unit.ts';
import type { Program } from './program.ts';
import type { Random } from './random.ts';

/** How one machine sees the shared directory. */
export type StorageSight = 'fine' | 'gone' | 'read-only' | 'hanging' | 'foreign';

/** How long a call on it takes. */
interface CallTime {
  readonly low: number;
  readonly high: number;
}
export const usualMs: CallTime = { low: 5, high: 30 };
export const quickMs: CallTime = { low: 1, high: 3 };

/** A message that an engine has taken in: on the storage for good, under the generation of its writer. */
export interface Stored {
  readonly number: number;
  readonly epoch: number;
}

/** The shared directory of one cluster: generation, queue, and how far the queue has been delivered. */
export class SharedStorage {
  generation = 0;
  readonly queue: Stored[] = [];
  delivered = 0;
  /** The machine whose member has raised the generation last. */
  private raisedBy: string | null = null;
  /** Writes by an engine whose generation was over; refused. */
  lateWrites = 0;
  private readonly sight = new Map<string, StorageSight>();
  private readonly random: Random;
  private readonly takes: CallTime;
  private readonly onRaised: (from: number, to: number) => void;

  constructor(random: Random, takes: CallTime, onRaised: (from: number, to: number) => void) {
    this.random = random;
    this.takes = takes;
    this.onRaised = onRaised;
  }

  seenFrom(machine: string): StorageSight {
    return this.sight.get(machine) ?? 'fine';
  }

  show(machine: string, sight: StorageSight): void {
    this.sight.set(machine, sight);
  }

  /**
   * An engine may write only while the storage carries its own generation, or a lower one that its own member has
   * raised: an Active whose epoch grows while it serves, or while it starts, leaves the generation as it is.
   */
  mayWrite(process: EngineProcess): boolean {
    const machine = process.machine.id;
    if (this.seenFrom(machine) !== 'fine') return false;
    if (this.generation > process.epoch) this.lateWrites += 1;
    return (
      this.generation === process.epoch || (this.generation < process.epoch && this.raisedBy === machine)
    );
  }

  /** What an agent's child process does here; it goes on when the agent does not. */
  directory(program: Program, limitMs: number): SharedDirectory {
    const machine = program.machine.id;
    const call = async (
      writes: boolean,
      act: () => Result<StorageLook, string>,
    ): Promise<Result<StorageLook, string>> => {
      const hangs = this.seenFrom(machine) === 'hanging';
      const tookMs = this.random.between(this.takes.low, this.takes.high);
      return program.ask(hangs ? limitMs : tookMs, () => {
        const refusal = this.refusal(machine, writes);
        return refusal === null ? act() : fail(refusal);
      });
    };
    const look = (): Result<StorageLook, string> =>
      succeed({ generation: this.generation, usedPercent: 10, tookMs: 10 });
    return {
      read: () => call(false, look),
      prove: () => call(true, look),
      raiseGeneration: (epoch) => call(true, () => this.raise(machine, epoch)),
    };
  }

  private raise(machine: string, epoch: number): Result<StorageLook, string> {
    if (this.generation > epoch) return fail(`the generation is ${this.generation}, above ${epoch}`);
    const from = this.generation;
    this.generation = epoch;
    this.raisedBy = machine;
    this.onRaised(from, epoch);
    return succeed({ generation: epoch, usedPercent: 10, tookMs: 10 });
  }

  private refusal(machine: string, writes: boolean): string | null {
    switch (this.seenFrom(machine)) {
      case 'fine':
        return null;
      case 'gone':
        return 'it does not exist or cannot be read';
      case 'hanging':
        return 'it did not answer in time';
      case 'foreign':
        return 'it carries no identity mark of this cluster';
      case 'read-only':
        return writes ? 'it cannot be written' : null;
    }
  }
}
