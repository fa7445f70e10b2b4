/** What becomes of a message after an attempt to deliver it, as a reducer. */
import { eventsOf, type DeliveryFailure, type NotificationMessage, type PartlyRefused } from './delivery.ts';
import { addLate, afterAttempt, type LateMessage } from './late-recipients.ts';
import { subjectOf } from './message.ts';
import { withTarget, type NotificationQueue, type TargetQueue } from './queue-state.ts';
import { backOffMs, giveUpMs, type LastFailure } from './trying-again.ts';
import { dangersOf } from './urgency.ts';

/** When an attempt ended: by the boot-time clock, and by the wall clock of the server. */
interface AttemptEnd {
  readonly nowMs: number;
  readonly at: string;
}

/** The message under way has arrived; `partly`: not at all of its recipients. */
export function noteDelivered(
  queue: NotificationQueue,
  id: string,
  { partly, ...end }: AttemptEnd & { readonly partly?: PartlyRefused | undefined },
): NotificationQueue {
  const own = queue.targets[id];
  const told = own === undefined ? undefined : messageUnderWay(own);
  if (own === undefined || told === undefined) return queue;
  const refused = partly ?? null;
  const after = told === own.message ? arrived(own, told, refused, end) : lateTried(own, told, refused, end);
  return withTarget(queue, id, {
    ...after,
    underWay: null,
    lastSentAt: end.at,
    lastSubject: subjectOf(told),
    arrivedMs: end.nowMs,
    ...lastTrouble(after.late, refused, end),
  });
}

function messageUnderWay({ underWay, message, late }: TargetQueue): NotificationMessage | undefined {
  return message?.id === underWay
    ? (message ?? undefined)
    : late.find((one) => one.message.id === underWay)?.message;
}

/** Nothing is under way any more; those who were refused for now wait for it. */
function arrived(
  own: TargetQueue,
  message: NotificationMessage,
  refused: PartlyRefused | null,
  { nowMs, at }: AttemptEnd,
): TargetQueue {
  const { madeMs, attempts } = own;
  const failure = refused === null ? null : failureAt(refused, at);
  const { late, dropped } =
    failure === null || refused?.again === undefined
      ? { late: own.late, dropped: 0 }
      : addLate(own.late, { message, to: refused.again, attempts, failure, madeMs, failedMs: nowMs });
  return {
    ...own,
    late,
    dropped: own.dropped + dropped,
    message: null,
    attempts: 0,
    notBeforeMs: nowMs,
    sent: [...own.sent, { atMs: nowMs, dangers: dangersOf(message.events) }],
  };
}

function lateTried(
  own: TargetQueue,
  { id }: NotificationMessage,
  refused: PartlyRefused | null,
  end: AttemptEnd,
): TargetQueue {
  const { late, dropped } = afterAttempt(own.late, id, { refused, ...end });
  return { ...own, late, dropped: own.dropped + dropped };
}

/** What a person is told of: the trouble of this attempt, or of mail that somebody still waits for. */
function lastTrouble(
  late: readonly LateMessage[],
  refused: PartlyRefused | null,
  { nowMs, at }: AttemptEnd,
): Pick<TargetQueue, 'lastFailure' | 'failedMs'> {
  if (refused !== null) return { lastFailure: failureAt(refused, at), failedMs: nowMs };
  const waits = late.at(-1);
  return { lastFailure: waits?.failure ?? null, failedMs: waits?.failedMs ?? null };
}

function failureAt({ code, sentence }: DeliveryFailure, at: string): LastFailure {
  return { code, sentence, at };
}

/** It has not: it is tried again after a time that grows, and given up after a day, or where it is refused and others wait. */
export function noteFailed(
  queue: NotificationQueue,
  id: string,
  { failure, ...end }: AttemptEnd & { readonly failure: DeliveryFailure },
): NotificationQueue {
  const own = queue.targets[id];
  const told = own === undefined ? undefined : messageUnderWay(own);
  if (own === undefined || told === undefined) return queue;
  const after =
    told === own.message ? refusedByAll(own, told, { ...end, failure }) : lateTried(own, told, failure, end);
  return withTarget(queue, id, { ...after, underWay: null, ...lastTrouble([], failure, end) });
}

/** What a target has refused so often, such as a message that is too large for it, does not keep newer ones back. */
const refusalsAtMost = 3;

function refusedByAll(
  own: TargetQueue,
  message: NotificationMessage,
  { nowMs, failure }: AttemptEnd & { readonly failure: DeliveryFailure },
): TargetQueue {
  const stuck = failure.code === 'refused' && own.attempts >= refusalsAtMost && own.held.length > 0;
  const over = stuck || nowMs - own.madeMs >= giveUpMs;
  return {
    ...own,
    message: over ? null : message,
    dropped: own.dropped + (over ? eventsOf(message) : 0),
    notBeforeMs: nowMs + backOffMs(own.attempts),
  };
}

/** A test of this target has ended; null: it has arrived. Nothing that waits changes by it. */
export function noteTested(
  queue: NotificationQueue,
  id: string,
  { failure, nowMs, at }: AttemptEnd & { readonly failure: DeliveryFailure | null },
): NotificationQueue {
  const own = queue.targets[id];
  if (own === undefined) return queue;
  const told = failure === null ? null : { code: failure.code, sentence: failure.sentence };
  return withTarget(queue, id, { ...own, lastTest: { at, failure: told }, testedMs: nowMs });
}
