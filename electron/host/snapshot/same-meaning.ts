/**
 * Fields that move by themselves or jitter: ages, countdowns, measured durations, counters of a running
 * engine, and facts worded with numbers. A change in one of them alone is not news; it travels with the
 * next turn of the one-second refresh.
 */
const restless = new Set([
  'ageMs',
  'sinceMs',
  'heardMs',
  'leftMs',
  'renewedMs',
  'freeInMs',
  'answeredMs',
  'roundTripMs',
  'lossPercent',
  'runningMs',
  'agoMs',
  'sentAgoMs',
  'nextTryInMs',
  'startedMs',
  'startedAgoMs',
  'untilMs',
  'answersInMs',
  'usedPercent',
  'messagesPerSecond',
  'received',
  'queued',
  'revision',
  'wallTime',
  'madeAtMs',
  'sent',
  'acknowledged',
  'delivered',
  'duplicates',
  'perSecond',
  'longestGapMs',
  'currentGapMs',
  'sessions',
  'text',
  'journalHead',
]);

/** True when two values differ in nothing that a person would call news. Plain JSON values only. */
export function sameMeaning(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) return sameList(one, other);
  const left = one as Record<string, unknown>;
  const right = other as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) {
    if (restless.has(key)) {
      // Known against unknown is news, even where the number is not.
      if ((left[key] === null) !== (right[key] === null)) return false;
    } else if (!sameMeaning(left[key], right[key])) return false;
  }
  return true;
}

function sameList(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  return one.every((value, index) => sameMeaning(value, other[index]));
}
