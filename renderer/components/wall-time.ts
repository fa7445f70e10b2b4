import { format, isValid, parseISO } from 'date-fns';

/** An agent's wall-clock time for people, in this workstation's zone: `14 Mar, 04:31:04`. */
export function formatWallTime(wallTime: string): string {
  const date = parseISO(wallTime);
  return isValid(date) ? format(date, 'd MMM, HH:mm:ss') : wallTime;
}

/** Its day, which may be of another year: `14 Mar 2026`. */
export function formatDay(wallTime: string): string {
  const date = parseISO(wallTime);
  return isValid(date) ? format(date, 'd MMM yyyy') : wallTime;
}

/** The zone that this workstation tells times in: `Europe/Berlin`. */
export function zoneId(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
