import type { Timers } from '../../shared/clock.ts';

/** Questions that somebody waits for: each ends once, with its answer, at its time limit, or when it is given up. */
export class OpenQuestions<Id, Outcome> {
  private readonly timers: Timers;
  private readonly open = new Map<Id, (outcome: Outcome) => void>();

  constructor(timers: Timers) {
    this.timers = timers;
  }

  /** Never rejects. `late` is the outcome when nothing has ended it within `limitMs`. */
  wait(id: Id, limitMs: number, late: Outcome): Promise<Outcome> {
    return new Promise((resolve) => {
      const endLimit = this.timers.after(limitMs, () => this.end(id, late));
      this.open.set(id, (outcome) => {
        endLimit();
        resolve(outcome);
      });
    });
  }

  /** An answer that nobody waits for any more changes nothing. */
  end(id: Id, outcome: Outcome): void {
    const resolve = this.open.get(id);
    this.open.delete(id);
    resolve?.(outcome);
  }

  /** No answer is waited for any more. */
  endAll(outcome: Outcome): void {
    for (const id of [...this.open.keys()]) this.end(id, outcome);
  }
}
