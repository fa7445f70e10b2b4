import * as z from 'zod/mini';
import { ToldRequest } from '../second-person/told-request.ts';
import { LedgerFrame } from '../ledger/queue-ledger.ts';
import { Blocker, ObservedRole, WantedRole } from './member-snapshot.ts';
import { MaintenanceFrame } from './maintenance-frames.ts';
import { PeerModeFrame } from './peer-mode-frames.ts';
import { StorePinFrame, StorePinnedFrame } from './store-pin-frames.ts';

/** A heartbeat from one member to the other over `/v1/peer`; answered by a `beat-answer` with the same `n`. */
const status = {
  n: z.int(),
  role: ObservedRole,
  wanted: WantedRole,
  epoch: z.int(),
  engineRunning: z.nullable(z.boolean()),
  /** Why this member could not take over now; empty: fit. */
  blockers: z.array(Blocker),
  /** Version of the frames of peer mode that it understands; absent: an earlier release, which knows none. */
  peerMode: z.optional(z.int()),
  /**
   * It has taken over by force without the lease store, under this epoch, and this other member has not been re-admitted
   * since; absent: it has not. `withoutStore`: it still runs without a lease.
   */
  forced: z.optional(z.object({ epoch: z.int(), by: z.string(), withoutStore: z.boolean() })),
  /** It was forced out, and no person has re-admitted it yet. */
  expelled: z.optional(z.boolean()),
  /**
   * It lives on a promise of this other member, or waits for one, which that member may have given and forgotten; absent:
   * an earlier release.
   */
  onPromise: z.optional(z.boolean()),
  /** Version of the frames of a maintenance that it understands; absent: an earlier release, which keeps none. */
  maintenance: z.optional(z.int()),
  /** Its wall clock, only to tell that the clocks are apart; absent: an earlier release. */
  wallTime: z.optional(z.string()),
  /** What waits for a second person at this member, so that the other one can tell of it; absent: nothing. */
  request: z.optional(ToldRequest),
  /** The operation this member works on, so that the other reports its steps under the same id. */
  operation: z.nullable(
    z.object({
      id: z.string(),
      kind: z.string(),
      to: z.string(),
      requestedBy: z.string(),
      reason: z.string(),
    }),
  ),
};

export const PeerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('beat'), ...status }),
  z.object({ type: z.literal('beat-answer'), ...status }),
  LedgerFrame,
  PeerModeFrame,
  MaintenanceFrame,
  StorePinFrame,
  StorePinnedFrame,
]);
export type PeerFrame = z.infer<typeof PeerFrame>;
