/** A moment as people of a time zone read it. */
export function localTime(now: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: knownZone(timeZone),
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  return parts.format(new Date(now));
}

/** The zone by its name, with what it differs from UTC. */
export function zoneWords(now: string, timeZone: string): string {
  const zone = knownZone(timeZone);
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' });
  const offset = parts.formatToParts(new Date(now)).find(({ type }) => type === 'timeZoneName')?.value;
  return `${zone}, ${offset === undefined || offset === 'GMT' ? 'UTC' : offset.replace('GMT', 'UTC')}`;
}

/** A zone that this runtime does not know is told as UTC, never guessed. */
function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
