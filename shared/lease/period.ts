/**
 * A period of peer mode: the n-th time that the Active of epoch e asked its peer for a promise. Compared by e,
 * then n, so that a message of an older period can never undo a newer one.
 */
export interface Period {
  readonly e: number;
  readonly n: number;
}

/** Whether `period` is later than `other`; everything is later than none. */
export function isAbove(period: Period, other: Period | null): boolean {
  if (other === null) return true;
  return period.e === other.e ? period.n > other.n : period.e > other.e;
}

export function samePeriod(one: Period, other: Period | null): boolean {
  return other !== null && one.e === other.e && one.n === other.n;
}
