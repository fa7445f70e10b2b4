/**
 * What waits for each target, as a reducer. One message of a target is under way at a time; whatever happens meanwhile
 * waits and goes into the next one, so that a target that takes nothing gets one long message and not many.
 */
import type { NotificationMessage } from './delivery.ts';
import type { NotificationEvent } from './event.ts';
import { beginLate } from './late-recipients.ts';
import { hourlyLimit, quietMs, type NotificationPolicy, type NotificationTarget } from './policy.ts';
import { withTarget, type NotificationQueue, type TargetQueue } from './queue-state.ts';
import { isDanger, isUrgent, urgentQuietMs, withoutLeast, type SentMessage } from './urgency.ts';

const hourMs = 3_600_000;
/** Events that wait for one target; beyond it the oldest is given up, one that is no danger before any that is. */
export const heldAtMost = 100;
/** Events of one message: receivers refuse what is too large, and each event brings what to do about it. */
export const eventsAtMost = 30;
/** Keys of what was queued lately, so that a restart tells nothing twice. */
const keysKept = 300;

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
    if (own === undefined || own.underWay !== null) continue;
    const begun =
      nowMs < own.notBeforeMs ? null : beginNext(queue, policy, target, own, { nowMs, prefix, site });
    const taken = begun ?? retryLate(queue, target, own, nowMs);
    if (taken !== null) return taken;
  }
  return { queue, due: null };
}

interface Begun {
  readonly queue: NotificationQueue;
  readonly due: DueDelivery;
}

/** The message that waits to be tried again, or one with all that is held; null: it does not go yet. */
function beginNext(
  queue: NotificationQueue,
  policy: NotificationPolicy,
  target: NotificationTarget,
  own: TargetQueue,
  { nowMs, prefix, site }: { readonly nowMs: number; readonly prefix: string; readonly site: string },
): Begun | null {
  if (own.message !== null) return begin(queue, target, own, own.message);
  const sent = own.sent.filter(({ atMs }) => nowMs - atMs < hourMs);
  if (!mayGo(own, sent, policy, nowMs)) return null;
  const events = ofOneMessage(own.held);
  const held = own.held.filter((event) => !events.includes(event));
  const message = { id: `${prefix}-${queue.next}`, site, events, dropped: own.dropped };
  const fresh = { ...own, held, dropped: 0, attempts: 0, madeMs: nowMs, sent };
  return begin({ ...queue, next: queue.next + 1 }, target, fresh, message);
}

/** What goes into one message, in its order: what is dangerous before what is not. */
function ofOneMessage(held: readonly NotificationEvent[]): NotificationEvent[] {
  const first = [...held.filter(isDanger), ...held.filter((event) => !isDanger(event))].slice(
    0,
    eventsAtMost,
  );
  return held.filter((event) => first.includes(event));
}

/** Mail that some recipients do not have yet, to them alone; null: none is due. */
function retryLate(
  queue: NotificationQueue,
  target: NotificationTarget,
  own: TargetQueue,
  nowMs: number,
): Begun | null {
  const next = target.kind === 'mail' ? beginLate(own.late, nowMs) : null;
  if (next === null) return null;
  const { message, attempts, to } = next.begun;
  const begun = { ...own, late: next.late, underWay: message.id };
  const due = { target: { ...target, to } as NotificationTarget, message, attempt: attempts };
  return { queue: withTarget(queue, target.id, begun), due };
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
): Begun {
  const attempt = own.attempts + 1;
  const begun = { ...own, message, attempts: attempt, underWay: message.id };
  return { queue: withTarget(queue, target.id, begun), due: { target, message, attempt } };
}
