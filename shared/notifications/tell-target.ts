import { deliveryFailures } from './delivery.ts';
import { subjectOf } from './message.ts';
import { placeOfTarget, type NotificationTarget } from './policy.ts';
import type { TargetQueue } from './queue-state.ts';
import type { ToldTarget } from './told.ts';

/** How one target stands, for snapshots. Pure. */
export function toldTarget(
  target: NotificationTarget,
  own: TargetQueue,
  { nowMs, site }: { readonly nowMs: number; readonly site: string },
): ToldTarget {
  const { held, message, lastFailure, lastTest, arrivedMs, failedMs, underWay, late } = own;
  const waits =
    message ?? (held.length === 0 ? late[0]?.message : { id: '', site, events: held, dropped: 0 });
  const retriesMs = [
    ...(message === null ? [] : [own.notBeforeMs]),
    ...late.map(({ notBeforeMs }) => notBeforeMs),
  ];
  const attempts = message === null ? (late.at(-1)?.attempts ?? own.attempts) : own.attempts;
  const agoMs = (ms: number | null) => (ms === null ? null : nowMs - ms);
  return {
    id: target.id,
    kind: target.kind,
    place: placeOfTarget(target),
    waiting: [message?.events ?? [], held, ...late.map((one) => one.message.events)].flat().length,
    dropped: own.dropped,
    lastSentAt: own.lastSentAt,
    ...(own.lastSubject === undefined ? {} : { lastSubject: own.lastSubject }),
    sentAgoMs: agoMs(arrivedMs),
    ...(lastTest === undefined ? {} : { lastTest: { ...lastTest, agoMs: agoMs(own.testedMs) } }),
    waitingSubject: waits === undefined ? null : subjectOf(waits),
    nextTryInMs:
      retriesMs.length === 0 || underWay !== null ? null : Math.max(0, Math.min(...retriesMs) - nowMs),
    failure:
      lastFailure === null
        ? null
        : { ...lastFailure, next: deliveryFailures[lastFailure.code], attempts, agoMs: agoMs(failedMs) },
  };
}
