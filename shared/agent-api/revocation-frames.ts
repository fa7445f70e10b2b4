import * as z from 'zod/mini';
import { longestRevocationText } from '../site/revocation-list.ts';

const text = z.string().check(z.maxLength(longestRevocationText));

/** What a program of the site tells another of its revocation list. */
export const RevocationOffer = z.strictObject({
  /** Of the list that it has; 0: none. */
  number: z.int().check(z.minimum(0)),
  /** The list itself, where it is handed over. */
  list: z.optional(text),
});
export type RevocationOffer = z.infer<typeof RevocationOffer>;

/** The answer: the list that is there now, and its text where its number is above the one offered. */
export const RevocationAnswer = z.object({ number: z.int(), list: z.optional(text) });
export type RevocationAnswer = z.infer<typeof RevocationAnswer>;
