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
