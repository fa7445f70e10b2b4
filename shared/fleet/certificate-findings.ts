import type { Finding } from './finding.ts';

const dayMs = 24 * 3_600_000;
/** Told from here on; an installation renews what ends within twice that. */
export const certificateToldMs = 30 * dayMs;
/** Nearer than that it is no reminder any more. */
const urgentMs = 7 * dayMs;

/** A certificate that ends soon or has ended, in words; null: there is time, or nothing is known of it. */
export function certificateWords(
  name: string,
  endsInMs: number | undefined,
): Pick<Finding, 'severity' | 'title' | 'text'> | null {
  if (endsInMs === undefined || endsInMs > certificateToldMs) return null;
  const days = Math.floor(endsInMs / dayMs);
  const title =
    endsInMs <= 0
      ? `The certificate of ${name} has expired`
      : `The certificate of ${name} expires ${days === 0 ? 'within a day' : `in ${days} ${days === 1 ? 'day' : 'days'}`}`;
  const meaning =
    'From then on every new connection is refused: the connections that are open go on, but after the next one that breaks no lease can be renewed there.';
  const next = 'Install the site again from a workstation, which renews it; check the clock of that server.';
  return { severity: endsInMs > urgentMs ? 'warn' : 'danger', title, text: `${meaning} ${next}` };
}
