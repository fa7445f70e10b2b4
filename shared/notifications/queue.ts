/**
 * What waits for each target, as a reducer. One message of a target is under way at a time; whatever happens meanwhile
 * waits and goes into the next one, so that a target that takes nothing gets one long message and not many. All times
 * are of the boot-time clock; what is kept on disk has none, since the clock starts anew with the machine.
 */
import * as z from 'zod/mini';
import { deliveryFailures, DeliveryFailure, NotificationMessage } from './delivery.ts';
import { NotificationEvent } from './event.ts';
import { subjectOf } from './message.ts';
import {
  hourlyLimit,
  placeOfTarget,
  quietMs,
  type NotificationPolicy,
  type NotificationTarget,
} from './policy.ts';
import type { ToldTarget } from './told.ts';
import { dangersOf, isUrgent, urgentQuietMs, withoutLeast, type SentMessage } from './urgency.ts';

const hourMs = 3_600_000;
/** Waits before the second, third ... attempt; the last one repeats. */
const backOffMs = [10_000, 30_000, 60_000, 120_000, 300_000, 600_000];
/** A message that did not arrive for so long is given up: by then its news is old. */
const giveUpMs = 24 * hourMs;
/** Events that wait for one target; beyond it the oldest is given up, one that is no danger before any that is. */
export const heldAtMost = 100;
/** Keys of what was queued lately, so that a restart tells nothing twice. */
const keysKept = 300;

const LastFailure = z.extend(DeliveryFailure, { at: z.string() });

const KeptTarget = z.object({
  held: z.array(NotificationEvent),
  message: z.nullable(NotificationMessage),
  attempts: z.int(),
  dropped: z.int(),
  lastSentAt: z.nullable(z.string()),
  /** First line of the last message that arrived; absent: none did, or one of an earlier release. */
  lastSubject: z.optional(z.string()),
  lastFailure: z.nullable(LastFailure),
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

interface TargetQueue extends z.infer<typeof KeptTarget> {
  /** Since when the oldest event waits. */
  readonly heldSinceMs: number;
  readonly notBeforeMs: number;
  /** When the message under way was made. */
  readonly madeMs: number;
  readonly sent: readonly SentMessage[];
  /** When a message last arrived and when one last did not; null: not since this agent was started. */
  readonly arrivedMs: number | null;
  readonly failedMs: number | null;
  readonly underWay: boolean;
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
    underWay: false,
  };
}

/** The queue of this policy with what was kept: targets that are gone lose theirs, a message under way goes again. */
export function openQueue(
  policy: NotificationPolicy,
  kept: KeptQueue | null,
  nowMs: number,
): NotificationQueue {
  const targets = policy.targets.map(({ id }) => [
    id,
    { ...emptyTarget(nowMs), ...kept?.targets[id] } satisfies TargetQueue,
  ]);
  return {
    keys: kept?.keys ?? [],
    next: kept?.next ?? 1,
    targets: Object.fromEntries(targets) as NotificationQueue['targets'],
  };
}

/** What of it is kept on disk. */
export function keptQueue({ keys, next, targets }: NotificationQueue): KeptQueue {
  const kept = Object.entries(targets).map(([id, target]) => {
    const { held, message, attempts, dropped, lastSentAt, lastSubject, lastFailure } = target;
    return [id, { held, message, attempts, dropped, lastSentAt, lastSubject, lastFailure }];
  });
  return {
    schema: 1,
    keys: [...keys],
    next,
    targets: Object.fromEntries(kept) as KeptQueue['targets'],
  };
}

/** Heartbeats go to every target: whoever gets no alarms wants to know that somebody watches. */
function wants(target: NotificationTarget, { severity, kind }: NotificationEvent): boolean {
  if (kind === 'all-well') return true;
  const severe = target.severities === undefined || target.severities.includes(severity);
  return severe && (target.kinds === undefined || target.kinds.includes(kind));
}

/** Has an event wait for every target that wants it. One whose key was queued lately changes nothing. */
export function queueEvent(
  queue: NotificationQueue,
  policy: NotificationPolicy,
  event: NotificationEvent,
  nowMs: number,
): NotificationQueue {
  if (queue.keys.includes(event.key)) return queue;
  const targets = { ...queue.targets };
  for (const target of policy.targets) {
    const own = targets[target.id];
    if (own === undefined || !wants(target, event)) continue;
    const over = own.held.length >= heldAtMost;
    targets[target.id] = {
      ...own,
      held: [...(over ? withoutLeast(own.held) : own.held), event],
      dropped: own.dropped + (over ? 1 : 0),
      heldSinceMs: own.held.length === 0 ? nowMs : own.heldSinceMs,
    };
  }
  return { ...queue, keys: [...queue.keys, event.key].slice(-keysKept), targets };
}

export interface DueDelivery {
  readonly target: NotificationTarget;
  readonly message: NotificationMessage;
  readonly attempt: number;
}

/** The next message to deliver now, marked as under way; null: nothing is due. */
export function takeDue(
  queue: NotificationQueue,
  policy: NotificationPolicy,
  { nowMs, prefix, site }: { readonly nowMs: number; readonly prefix: string; readonly site: string },
): { readonly queue: NotificationQueue; readonly due: DueDelivery | null } {
  for (const target of policy.targets) {
    const own = queue.targets[target.id];
    if (own === undefined || own.underWay || nowMs < own.notBeforeMs) continue;
    if (own.message !== null) return begin(queue, target, own, own.message);
    const sent = own.sent.filter(({ atMs }) => nowMs - atMs < hourMs);
    if (!mayGo(own, sent, policy, nowMs)) continue;
    const id = `${prefix}-${queue.next}`;
    const message = { id, site, events: own.held, dropped: own.dropped };
    const fresh = { ...own, held: [], dropped: 0, attempts: 0, madeMs: nowMs, sent };
    return begin({ ...queue, next: queue.next + 1 }, target, fresh, message);
  }
  return { queue, due: null };
}

/** Whether what is held goes now: after the quiet time and within the hourly limit, unless it is urgent. */
function mayGo(
  { held, heldSinceMs }: TargetQueue,
  sent: readonly SentMessage[],
  policy: NotificationPolicy,
  nowMs: number,
): boolean {
  if (held.length === 0) return false;
  const waitedMs = nowMs - heldSinceMs;
  if (isUrgent(held, sent)) return waitedMs >= Math.min(quietMs(policy), urgentQuietMs);
  return waitedMs >= quietMs(policy) && sent.length < hourlyLimit(policy);
}

function begin(
  queue: NotificationQueue,
  target: NotificationTarget,
  own: TargetQueue,
  message: NotificationMessage,
): { queue: NotificationQueue; due: DueDelivery } {
  const attempt = own.attempts + 1;
  const begun = { ...own, message, attempts: attempt, underWay: true };
  return { queue: withTarget(queue, target.id, begun), due: { target, message, attempt } };
}

/** The message of this target has arrived; `partly`: not at all of its recipients. */
export function noteDelivered(
  queue: NotificationQueue,
  id: string,
  {
    nowMs,
    at,
    partly,
  }: { readonly nowMs: number; readonly at: string; readonly partly?: DeliveryFailure | undefined },
): NotificationQueue {
  const own = queue.targets[id];
  if (own === undefined) return queue;
  return withTarget(queue, id, {
    ...own,
    message: null,
    attempts: 0,
    underWay: false,
    lastSentAt: at,
    ...(own.message === null ? {} : { lastSubject: subjectOf(own.message) }),
    lastFailure: partly === undefined ? null : { ...partly, at },
    arrivedMs: nowMs,
    failedMs: partly === undefined ? null : nowMs,
    notBeforeMs: nowMs,
    sent: [...own.sent, { atMs: nowMs, dangers: dangersOf(own.message?.events ?? []) }],
  });
}

/** It has not: it is tried again after a time that grows, and given up after a day. */
export function noteFailed(
  queue: NotificationQueue,
  id: string,
  { failure, nowMs, at }: { readonly failure: DeliveryFailure; readonly nowMs: number; readonly at: string },
): NotificationQueue {
  const own = queue.targets[id];
  if (own === undefined) return queue;
  const over = nowMs - own.madeMs >= giveUpMs;
  const waitMs = backOffMs[Math.min(Math.max(own.attempts, 1), backOffMs.length) - 1]!;
  return withTarget(queue, id, {
    ...own,
    message: over ? null : own.message,
    dropped: own.dropped + (over ? (own.message?.events.length ?? 0) : 0),
    underWay: false,
    lastFailure: { ...failure, at },
    failedMs: nowMs,
    notBeforeMs: nowMs + waitMs,
  });
}

function withTarget(queue: NotificationQueue, id: string, target: TargetQueue): NotificationQueue {
  return { ...queue, targets: { ...queue.targets, [id]: target } };
}

/** How one target stands, for snapshots. Pure. */
export function toldTarget(
  target: NotificationTarget,
  own: TargetQueue,
  { nowMs, site }: { readonly nowMs: number; readonly site: string },
): ToldTarget {
  const { held, message, attempts, lastFailure, arrivedMs, failedMs, notBeforeMs, underWay } = own;
  const waits = message ?? (held.length === 0 ? null : { id: '', site, events: held, dropped: 0 });
  const agoMs = (ms: number | null) => (ms === null ? null : nowMs - ms);
  return {
    id: target.id,
    kind: target.kind,
    place: placeOfTarget(target),
    waiting: held.length + (message?.events.length ?? 0),
    dropped: own.dropped,
    lastSentAt: own.lastSentAt,
    ...(own.lastSubject === undefined ? {} : { lastSubject: own.lastSubject }),
    sentAgoMs: agoMs(arrivedMs),
    waitingSubject: waits === null ? null : subjectOf(waits),
    nextTryInMs: message === null || underWay ? null : Math.max(0, notBeforeMs - nowMs),
    failure:
      lastFailure === null
        ? null
        : { ...lastFailure, next: deliveryFailures[lastFailure.code], attempts, agoMs: agoMs(failedMs) },
  };
}
