import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { Timers } from '../../shared/clock.ts';
import type { MemberLeaseEffect } from '../../shared/lease/member-lease.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';

const unanswered = 'the store did not answer within';

/** The request was sent and no answer came: it may have been carried out. */
export function isUnanswered(error: string): boolean {
  return error.startsWith(unanswered);
}

type Outcome = Result<readonly MemberLeaseEffect[], string>;

/** Requests to the lease store that somebody waits for: each ends with an answer, after its limit, or when forgotten. */
export class OpenRequests {
  private readonly timers: Timers;
  private readonly limitMs: number;
  private readonly open = new Map<number, (outcome: Outcome) => void>();

  constructor(timers: Timers, limitMs: number) {
    this.timers = timers;
    this.limitMs = limitMs;
  }

  wait(id: number): Promise<Outcome> {
    const { limitMs } = this;
    return new Promise((resolve) => {
      const endLimit = this.timers.after(limitMs, () => {
        this.open.delete(id);
        resolve(fail(`${unanswered} ${limitMs / 1000} s`));
      });
      this.open.set(id, (outcome) => {
        endLimit();
        resolve(outcome);
      });
    });
  }

  /** @param refusal why this store refuses this member whatever it asks; null: only what its answer says */
  answered(answer: LeaseAnswer, effects: readonly MemberLeaseEffect[], refusal: string | null): void {
    const outcome = answer.result === 'refused' ? fail(refusal ?? answer.why) : succeed(effects);
    this.open.get(answer.id)?.(outcome);
    this.open.delete(answer.id);
  }

  /** No answer is waited for any more. */
  forget(why: string): void {
    for (const end of this.open.values()) end(fail(why));
    this.open.clear();
  }
}
