import * as z from 'zod/mini';

/**
 * Between the two members of a cluster, over `/v1/peer`, when a person replaces the lease store: the one that was asked
 * has the other belong to the new store, and learns its highest epoch. `n` ties an answer to its question.
 */
const n = z.int();
const forPeople = z.string().check(z.maxLength(500));

export const StorePinFrame = z.strictObject({
  type: z.literal('pin-store'),
  n,
  storeId: z.string().check(z.minLength(1), z.maxLength(64)),
  by: forPeople,
  reason: forPeople,
  /** The highest epoch that the one that was asked knows, where its store knows a lower one; absent: it does not. */
  known: z.optional(z.int()),
});
export type StorePinFrame = z.infer<typeof StorePinFrame>;

export const StorePinnedFrame = z.strictObject({
  type: z.literal('store-pinned'),
  n,
  /** The highest epoch that it knows durably, read after the new id was on its disk; null: it refuses. */
  epoch: z.nullable(z.int()),
  why: z.nullable(z.string()),
});
export type StorePinnedFrame = z.infer<typeof StorePinnedFrame>;
