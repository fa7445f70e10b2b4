import type { Proof } from '../fleet/queue-book.ts';

/** Which side of the move a sign was seen on; `outside`: neither member's own word. */
export type SignSide = 'before' | 'after' | 'outside';

/**
 * One thing that was looked at for a line.
 *
 * shown: direct evidence that it is so · fits: nothing speaks against it, but it is no direct evidence · against: it
 * is not so · missing: it could not be seen, `says` tells why.
 */
export interface Sign {
  readonly side: SignSide;
  /** Who says so: a member's name, its journal, the lease store, the load balancer. */
  readonly from: string;
  readonly kind: 'shown' | 'fits' | 'against' | 'missing';
  readonly says: string;
  /** Without it the line is not known, however much else was seen. */
  readonly core: boolean;
  /** What a person does about it when it is not shown; null: nothing of its own. */
  readonly next: string | null;
  /** Of what speaks against it: it has happened, and nothing that is seen later mends it. Absent: it may be mended. */
  readonly lasts?: boolean | undefined;
}

type About = Pick<Sign, 'side' | 'from'> & {
  readonly core?: boolean;
  readonly next?: string;
  readonly lasts?: boolean;
};

export const shown = (about: About, says: string): Sign => signOf(about, 'shown', says);
export const fits = (about: About, says: string): Sign => signOf(about, 'fits', says);
export const against = (about: About, says: string): Sign => signOf(about, 'against', says);
export const missing = (about: About, says: string): Sign => signOf(about, 'missing', says);

function signOf({ side, from, core = false, next, lasts }: About, kind: Sign['kind'], says: string): Sign {
  return {
    side,
    from,
    kind,
    says,
    core,
    next: next ?? null,
    ...(lasts && kind === 'against' ? { lasts } : {}),
  };
}

/**
 * The verdict of a line. Nothing is proven because it was not looked at: a missing sign takes PROVEN away, a missing
 * core sign leaves UNKNOWN, and what speaks against it is never outvoted.
 */
export function verdictOf(signs: readonly Sign[]): Proof {
  if (signs.some(({ kind }) => kind === 'against')) return 'violated';
  if (!signs.some(({ kind }) => kind === 'shown' || kind === 'fits')) return 'unknown';
  if (signs.some(({ kind, core }) => kind === 'missing' && core)) return 'unknown';
  return signs.every(({ kind }) => kind === 'shown') && fromBothSides(signs) ? 'proven' : 'consistent';
}

/** PROVEN needs a word from both sides of the move, or from outside for the one that cannot speak of it. */
function fromBothSides(signs: readonly Sign[]): boolean {
  return new Set(signs.map(({ side }) => side)).size >= 2;
}

/** What decides the verdict comes first: against, missing, fits, shown. */
export function byWeight(signs: readonly Sign[]): Sign[] {
  const order: readonly Sign['kind'][] = ['against', 'missing', 'fits', 'shown'];
  return [...signs].sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}
