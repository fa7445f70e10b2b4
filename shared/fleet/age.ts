import type { TimingPolicy } from '../lease/timing.ts';

/** How much a value may be trusted by its age alone. */
export type AgeGrade = 'fresh' | 'late' | 'stale' | 'unknown';

export interface PresentedAge {
  readonly grade: AgeGrade;
  /** `0.8 s` · `12 s ago` (stale) · `?` (unknown). */
  readonly text: string;
}

/** How often each kind of value is renewed at its source, in milliseconds; the measure for fresh, late and stale. */
export const valueIntervalMs = { link: 1_000, engine: 2_000, storage: 5_000, journal: 60_000 } as const;

/**
 * After this long without a word, in milliseconds, a source counts as silent and nothing it said counts
 * as present: three renewal periods, three seconds at least.
 */
export function silenceLimitMs(timing: Pick<TimingPolicy, 'H'> | undefined): number {
  return Math.max(3 * valueIntervalMs.link, 3 * (timing?.H ?? 0) * 1000);
}

export interface AgeBasis {
  /** How often the value is renewed, in milliseconds. */
  readonly intervalMs?: number;
  /** The source does not answer: whatever it said last is stale at once. */
  readonly sourceSilent?: boolean;
}

/**
 * Fresh up to two intervals, late up to three, stale above or when its source is silent, unknown when
 * the value was never heard (`ageMs` null).
 */
export function presentAge(ageMs: number | null, basis: AgeBasis = {}): PresentedAge {
  if (ageMs === null) return { grade: 'unknown', text: '?' };
  const intervalMs = basis.intervalMs ?? valueIntervalMs.link;
  const text = formatSpan(ageMs);
  if (basis.sourceSilent || ageMs > 3 * intervalMs) return { grade: 'stale', text: `${text} ago` };
  return { grade: ageMs > 2 * intervalMs ? 'late' : 'fresh', text };
}

/** A duration in milliseconds as a person says it: `0.8 s` · `12 s` · `4 min` · `3 h 12 min` · `12 d 8 h`. */
export function formatSpan(ms: number): string {
  const tenths = Math.max(0, Math.round(ms / 100));
  if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(tenths / 10);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** A measured duration, which may be far below a second: `11 ms` · `6.9 s`. */
export function formatMeasured(ms: number): string {
  return ms < 950 ? `${Math.max(1, Math.round(ms))} ms` : formatSpan(ms);
}

/** Seconds with one decimal, for countdowns and figures: `12.4`. */
export function formatSeconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(1);
}

/** `9.0 – 13.1 s`, or one number when both ends look the same. */
export function formatRange(fromMs: number, toMs: number): string {
  const from = formatSeconds(fromMs);
  const to = formatSeconds(toMs);
  return from === to ? `${from} s` : `${from} – ${to} s`;
}

/** The oldest of several ages; null when any is unknown or there is none. */
export function oldestAge(ages: readonly (number | null)[]): number | null {
  let oldest: number | null = null;
  for (const age of ages) {
    if (age === null) return null;
    oldest = oldest === null ? age : Math.max(oldest, age);
  }
  return oldest;
}
