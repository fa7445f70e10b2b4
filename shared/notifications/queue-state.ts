/**
 * What waits for each target. All times are of the boot-time clock; what is kept on disk has none, since the clock starts
 * anew with the machine.
 */
import * as z from 'zod/mini';
import { NotificationMessage } from './delivery.ts';
import { NotificationEvent } from './event.ts';
import { KeptLate, keptLate, openLate, type LateMessage } from './late-recipients.ts';
import type { NotificationPolicy } from './policy.ts';
import { LastFailure, LastTest } from './trying-again.ts';
import type { SentMessage } from './urgency.ts';

const KeptTarget = z.object({
  held: z.array(NotificationEvent),
  message: z.nullable(NotificationMessage),
  attempts: z.int(),
  dropped: z.int(),
  lastSentAt: z.nullable(z.string()),
  /** First line of the last message that arrived; absent: none did, or one of an earlier release. */
  lastSubject: z.optional(z.string()),
  lastFailure: z.nullable(LastFailure),
  /** Absent: none was made, or by an agent of an earlier release. */
  lastTest: z.optional(LastTest),
  /** Mail that some of its recipients do not have yet; absent: none, or written by an earlier release. */
  late: z.optional(z.array(KeptLate)),
});

/** The queue as it is on disk. */
export const KeptQueue = z.object({
  schema: z.literal(1),
  keys: z.array(z.string()),
  /** Number of the next message. */
  next: z.int(),
  targets: z.record(z.string(), KeptTarget),
});
export type KeptQueue = z.infer<typeof KeptQueue>;

/** How one target stands. */
export interface TargetQueue extends Omit<z.infer<typeof KeptTarget>, 'late'> {
  /** Since when the oldest event waits. */
  readonly heldSinceMs: number;
  readonly notBeforeMs: number;
  /** When the message under way was made. */
  readonly madeMs: number;
  readonly sent: readonly SentMessage[];
  /** When a message last arrived and when one last did not; null: not since this agent was started. */
  readonly arrivedMs: number | null;
  readonly failedMs: number | null;
  /** When the last test ended; null: not since this agent was started. */
  readonly testedMs: number | null;
  readonly late: readonly LateMessage[];
  /** Id of the message whose delivery goes on; null: none does. */
  readonly underWay: string | null;
}

export interface NotificationQueue {
  readonly keys: readonly string[];
  readonly next: number;
  readonly targets: Readonly<Record<string, TargetQueue>>;
}

function emptyTarget(nowMs: number): TargetQueue {
  return {
    held: [],
    message: null,
    attempts: 0,
    dropped: 0,
    lastSentAt: null,
    lastFailure: null,
    heldSinceMs: nowMs,
    notBeforeMs: nowMs,
    madeMs: nowMs,
    sent: [],
    arrivedMs: null,
    failedMs: null,
    testedMs: null,
    late: [],
    underWay: null,
  };
}

/** The queue of this policy with what was kept: targets that are gone lose theirs, a message under way goes again. */
export function openQueue(
  policy: NotificationPolicy,
  kept: KeptQueue | null,
  nowMs: number,
): NotificationQueue {
  const targets = policy.targets.map((target) => {
    const own = kept?.targets[target.id];
    const late = openLate(own?.late ?? [], target.kind === 'mail' ? target.to : [], nowMs);
    return [target.id, { ...emptyTarget(nowMs), ...own, late } satisfies TargetQueue];
  });
  return {
    keys: kept?.keys ?? [],
    next: kept?.next ?? 1,
    targets: Object.fromEntries(targets) as NotificationQueue['targets'],
  };
}

/** What of it is kept on disk. */
export function keptQueue({ keys, next, targets }: NotificationQueue): KeptQueue {
  const kept = Object.entries(targets).map(([id, target]) => {
    const { held, message, attempts, dropped, lastSentAt, lastSubject, lastFailure, lastTest } = target;
    const late = keptLate(target.late);
    const last = { lastSentAt, lastSubject, lastFailure, lastTest };
    return [id, { held, message, attempts, dropped, ...last, late }];
  });
  return {
    schema: 1,
    keys: [...keys],
    next,
    targets: Object.fromEntries(kept) as KeptQueue['targets'],
  };
}

/** With another state of one target. Pure. */
export function withTarget(queue: NotificationQueue, id: string, target: TargetQueue): NotificationQueue {
  return { ...queue, targets: { ...queue.targets, [id]: target } };
}
