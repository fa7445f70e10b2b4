import * as z from 'zod/mini';
import { SecondPersonSaid } from './scope.ts';

/**
 * waiting: nobody has decided yet · agreed: a second person has, and it is being begun · done: carried out, once ·
 * declined: a second person has said no · withdrawn: who asked has taken it back · ended: time, a new epoch or a blocker
 * has ended it.
 */
export const RequestState = z.enum(['waiting', 'agreed', 'done', 'declined', 'withdrawn', 'ended']);
export type RequestState = z.infer<typeof RequestState>;

const words = z.string().check(z.maxLength(1_000));

/** A request as consoles, `ixha` and the other member are told of it. */
export const ToldRequest = z.object({
  id: z.string().check(z.maxLength(64)),
  /** Verb of the command that waits. */
  verb: z.string().check(z.maxLength(64)),
  /** `a switchover of WK1 to ig-south`. */
  what: words,
  /** Server id that shall become Active; null: the command moves nothing, or has named none. */
  target: z.nullable(z.string().check(z.maxLength(200))),
  reason: words,
  epoch: z.int(),
  by: words,
  /** Wall times of the member that keeps it. */
  askedAt: z.string().check(z.maxLength(64)),
  until: z.string().check(z.maxLength(64)),
  /** Until it ends by itself; 0 when it is over. */
  leftMs: z.number(),
  state: RequestState,
  /** Who agreed, declined or withdrew it; null: nobody. */
  decidedBy: z.nullable(words),
  /** Why it was declined or has ended; empty: there is nothing to say. */
  why: words,
  /** The change that it became; null: none. */
  operation: z.nullable(z.string().check(z.maxLength(200))),
});
export type ToldRequest = z.infer<typeof ToldRequest>;

/** What a member says of second persons: absent in a snapshot, it is of an earlier release. */
export const SecondPersonTold = z.object({
  /** Null: nobody has ever said anything, so nothing waits. */
  said: z.nullable(SecondPersonSaid),
  /** The last requests asked of this member, newest first; at most one waits. */
  requests: z.array(ToldRequest),
  /** What waits at the other member, as last heard from it; absent: nothing. */
  atPeer: z.optional(ToldRequest),
});
export type SecondPersonTold = z.infer<typeof SecondPersonTold>;

/** What became of it, as the end of a sentence. */
export function stateWords({
  state,
  decidedBy,
  why,
}: Pick<ToldRequest, 'state' | 'decidedBy' | 'why'>): string {
  const who = decidedBy ?? 'somebody';
  switch (state) {
    case 'waiting':
      return 'it waits for a second person';
    case 'agreed':
      return `${who} has agreed, and it is being begun`;
    case 'done':
      return `${who} has agreed, and it was carried out`;
    case 'declined':
      return `${who} has declined it, because: ${why}`;
    case 'withdrawn':
      return `${who} has withdrawn it${why === '' ? '' : `, because: ${why}`}`;
    case 'ended':
      return decidedBy === null
        ? `it has ended, ${why}`
        : `${who} had agreed, but it was not carried out: ${why}`;
  }
}

/** Of a work that asks for changes one after another: what it does while one of them waits. */
export function workWaitsWords(cluster: string): string {
  return `It waits for a second person, up to 15 minutes: somebody else looks and agrees on the page of ${cluster}, or with ixha agree ${cluster}. Then it goes on.`;
}
