import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { Timers } from '../../shared/clock.ts';
import type { MemberLeaseEffect } from '../../shared/lease/member-lease.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { OpenQuestions } from './open-questions.ts';

const unanswered = 'the store did not answer within';

/** The request was sent and no answer came: it may have been carried out. */
export function isUnanswered(error: string): boolean {
  return error.startsWith(unanswered);
}

type Outcome = Result<readonly MemberLeaseEffect[], string>;

/** Requests to the lease store that somebody waits for: each ends with an answer, after its limit, or when forgotten. */
export class OpenRequests {
  private readonly limitMs: number;
  private readonly open: OpenQuestions<number, Outcome>;

  constructor(timers: Timers, limitMs: number) {
    this.limitMs = limitMs;
    this.open = new OpenQuestions(timers);
  }

  wait(id: number): Promise<Outcome> {
    const { limitMs } = this;
    return this.open.wait(id, limitMs, fail(`${unanswered} ${limitMs / 1000} s`));
  }

  /** @param refusal why this store refuses this member whatever it asks; null: only what its answer says */
  answered(answer: LeaseAnswer, effects: readonly MemberLeaseEffect[], refusal: string | null): void {
    this.open.end(answer.id, answer.result === 'refused' ? fail(refusal ?? answer.why) : succeed(effects));
  }

  /** No answer is waited for any more. */
  forget(why: string): void {
    this.open.endAll(fail(why));
  }
}
