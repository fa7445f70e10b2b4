import { addDays, format, startOfDay } from 'date-fns';

export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Tick {
  readonly atMs: number;
  readonly label: string;
  /** Midnight: the label is the day. */
  readonly day: boolean;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  ...[second, 5 * second, 15 * second, minute, 2 * minute, 5 * minute, 15 * minute, 30 * minute],
  ...[hour, 2 * hour, 6 * hour, 12 * hour, day, 7 * day, 14 * day, 30 * day, 91 * day],
];
const year = 365 * day;
const ticksAtMost = 12;

/** Round local times within the window, at most a dozen of them. */
export function ticks({ fromMs, toMs }: TimeWindow): Tick[] {
  const spanMs = toMs - fromMs;
  const fitting = steps.find((candidate) => spanMs / candidate <= ticksAtMost);
  const step = fitting ?? Math.ceil(spanMs / ticksAtMost / year) * year;
  const midnight = startOfDay(fromMs);
  if (step >= day) return dayTicks(midnight, Math.round(step / day), { fromMs, toMs });
  const first = midnight.getTime() + Math.ceil((fromMs - midnight.getTime()) / step) * step;
  const found: Tick[] = [];
  for (let atMs = first; atMs < toMs; atMs += step) {
    const isDay = format(atMs, 'HH:mm:ss') === '00:00:00';
    const label = format(atMs, isDay ? 'd MMM' : step < minute ? 'HH:mm:ss' : 'HH:mm');
    found.push({ atMs, day: isDay, label });
  }
  return found;
}

/** Midnights, also where a day has an hour more or less. */
function dayTicks(midnight: Date, everyDays: number, { fromMs, toMs }: TimeWindow): Tick[] {
  const pattern = toMs - fromMs > year ? 'd MMM yyyy' : 'd MMM';
  const found: Tick[] = [];
  for (let days = 0; ; days += everyDays) {
    const at = addDays(midnight, days);
    if (at.getTime() >= toMs) return found;
    if (at.getTime() >= fromMs) found.push({ atMs: at.getTime(), day: true, label: format(at, pattern) });
  }
}

/** Where an instant lies in the window, from 0 to 100. */
export function percentOf(atMs: number, { fromMs, toMs }: TimeWindow): number {
  return Math.min(100, Math.max(0, ((atMs - fromMs) / (toMs - fromMs)) * 100));
}

/** An instant for people: to the tenth of a second, with the day when it is not today's; of another year to the second. */
export function formatInstant(atMs: number, nowMs: number): string {
  const sameDay = startOfDay(atMs).getTime() === startOfDay(nowMs).getTime();
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  if (!sameYear) return format(atMs, 'd MMM yyyy, HH:mm:ss');
  return format(atMs, `${sameDay ? '' : 'd MMM, '}HH:mm:ss.SSS`).slice(0, -2);
}
