import type { Finding } from './finding.ts';

const dayMs = 24 * 3_600_000;
/** Told from here on; an installation renews what ends within twice that. */
export const certificateToldMs = 30 * dayMs;
/** Nearer than that it is no reminder any more. */
const urgentMs = 7 * dayMs;

const meaning =
  'Members and lease store go on accepting it from one another, so no engine stops for it; consoles refuse it, and see nothing of that agent.';
const later =
  'From then on consoles refuse it and see nothing of that agent; members and lease store go on with one another.';
const renewal = 'Install the site again from a workstation, which renews it; check the clock of that server.';

/**
 * A certificate that ends soon, has ended, or has not begun by the clock of its server, in words; null: it has time,
 * or nothing is known of it.
 */
export function certificateWords(
  name: string,
  time: {
    readonly certificateEndsInMs?: number | undefined;
    readonly certificateBeginsInMs?: number | undefined;
  },
): Pick<Finding, 'severity' | 'title' | 'text'> | null {
  const { certificateEndsInMs: endsInMs, certificateBeginsInMs: beginsInMs } = time;
  if (beginsInMs !== undefined && beginsInMs > 0) {
    const title = `The certificate of ${name} is not valid yet by the clock of its server`;
    return { severity: 'danger', title, text: `${meaning} Set the clock of that server.` };
  }
  if (endsInMs === undefined || endsInMs > certificateToldMs) return null;
  if (endsInMs <= 0) {
    const title = `The certificate of ${name} has expired`;
    return { severity: 'danger', title, text: `${meaning} ${renewal}` };
  }
  const days = Math.floor(endsInMs / dayMs);
  const when = days === 0 ? 'within a day' : `in ${days} ${days === 1 ? 'day' : 'days'}`;
  const title = `The certificate of ${name} expires ${when}`;
  return { severity: endsInMs > urgentMs ? 'warn' : 'danger', title, text: `${later} ${renewal}` };
}
