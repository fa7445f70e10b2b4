import * as z from 'zod/mini';
import { PeriodSchema } from './period-schema.ts';

/**
 * Frames of peer mode between the two members of a cluster, over `/v1/peer` (docs/failover.md, "Peer mode").
 *
 * A member tells with every beat which version of them it understands. One that tells none belongs to an earlier
 * release: it is never asked, and there is no peer mode with it.
 */
export const peerModeVersion = 1;

/** A question and its answers: the nonce belongs to the asking process. */
const about = { period: PeriodSchema, nonce: z.string().check(z.minLength(8), z.maxLength(64)) };

export const PeerModeFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('question'),
    version: z.int(),
    ...about,
    epoch: z.int(),
    /** How long ago the last good renewal had been sent when the question was. */
    renewalAgeMs: z.number().check(z.minimum(0)),
  }),
  z.strictObject({ type: z.literal('promise'), ...about }),
  z.strictObject({
    type: z.literal('refusal'),
    ...about,
    /** `state`: it cannot write the promise down. */
    why: z.enum(['engine', 'higher-epoch', 'older-period', 'store-unknown', 'state']),
  }),
  /** The one who was asked reaches the lease store, so that renewals can go through it. */
  z.strictObject({ type: z.literal('store-reached'), ...about }),
  /** A period has ended; told again until the store shows it. */
  z.strictObject({ type: z.literal('left'), left: PeriodSchema }),
]);
export type PeerModeFrame = z.infer<typeof PeerModeFrame>;
