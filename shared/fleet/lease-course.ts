import { leaseInstants, type TimingPolicy } from '../lease/timing.ts';

/** One stretch of the bar from the last renewal to the next Active, in milliseconds after that renewal. */
export interface CourseStretch {
  readonly kind: 'holds' | 'stopping' | 'settled' | 'takes-over';
  readonly fromMs: number;
  readonly toMs: number;
}

export interface CourseMark {
  readonly atMs: number;
  readonly words: string;
}

export interface LeaseCourse {
  readonly stretches: readonly CourseStretch[];
  readonly marks: readonly CourseMark[];
  readonly nowMs: number;
  /** Right end of the bar. */
  readonly endMs: number;
}

/**
 * What must happen by rule if nothing more is heard of the holder. `sinceRenewalMs`: age of its last
 * renewal by the store; `takeoverMs`: storage proof and engine start as measured on the other member.
 */
export function leaseCourse(timing: TimingPolicy, sinceRenewalMs: number, takeoverMs: number): LeaseCourse {
  const at = leaseInstants(timing);
  const activeMs = at.freeMs + takeoverMs;
  return {
    stretches: [
      { kind: 'holds', fromMs: 0, toMs: at.ownStopMs },
      { kind: 'stopping', fromMs: at.ownStopMs, toMs: at.provenMs },
      { kind: 'settled', fromMs: at.provenMs, toMs: at.freeMs },
      { kind: 'takes-over', fromMs: at.freeMs, toMs: activeMs },
    ],
    marks: [
      { atMs: at.ownStopMs, words: 'own stop begins' },
      { atMs: at.guardKillMs, words: 'guards must kill' },
      { atMs: at.freeMs, words: 'lease store may grant again' },
      { atMs: activeMs, words: 'Active again' },
    ],
    nowMs: sinceRenewalMs,
    endMs: Math.max(activeMs * 1.05, sinceRenewalMs * 1.05, at.freeMs * 1.25),
  };
}
