import { untilBeat } from '../system-timers.ts';

/** For so long before the caller's own wait ends it has its answer. */
const spareMs = 500;
/** What is periodic is done together: one waking up less. */
const beatMs = 1_000;

/**
 * For how many milliseconds a check is held: until the next whole second of the agent's own clock, the caller's patience
 * or the most that is allowed, whichever is first. Pure.
 */
export function patienceMs(waitSeconds: number, mostMs: number, nowMs: number): number {
  return Math.min(mostMs, waitSeconds * 1_000 - spareMs, untilBeat(nowMs, beatMs));
}

/** A check whose caller would rather wait for another answer than hear the same one again. */
export interface HeldCheck {
  /** The answer is no longer the one that would have been given at once. */
  readonly changed: () => boolean;
  readonly answer: () => void;
}

/**
 * Checks that are kept open until what they ask about changes. The end of the wait is the holder's own; here is only who
 * waits.
 */
export class HeldChecks {
  protected readonly waiting = new Set<HeldCheck>();

  add(check: HeldCheck): void {
    this.waiting.add(check);
  }

  /** Answers whether it still waited. */
  remove(check: HeldCheck): boolean {
    return this.waiting.delete(check);
  }

  /** Answers those whose answer has changed: called after everything that can change it. */
  look(): void {
    for (const check of this.waiting) if (check.changed()) check.answer();
  }
}
