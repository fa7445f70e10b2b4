import { format, isSameDay, parseISO } from 'date-fns';
import { CalendarClock, CalendarX } from 'lucide-react';
import { scheduledNow, type Scheduled } from '../../../shared/fleet/scheduled.ts';
import { operationWord } from '../../../shared/fleet/operation-summary.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { endSentence } from '../../../shared/fleet/wording.ts';
import { routeHash } from '../../app/route.ts';

/** A window in this workstation's time: `29 Nov, 22:00 to 23:00`. */
export function windowWords({ from, until }: { readonly from: string; readonly until: string }): string {
  const [begins, ends] = [parseISO(from), parseISO(until)];
  return `${format(begins, 'd MMM, HH:mm')} to ${format(ends, isSameDay(begins, ends) ? 'HH:mm' : 'd MMM, HH:mm')}`;
}

/** What is scheduled, or that it was skipped and why, in one sentence. */
export function scheduledSentence({ move, member }: Scheduled, sight: ClusterSight): string {
  const to = sight.members.find(({ server }) => server === move.to)?.name ?? move.to;
  const what = `${operationWord(move.verb)} to ${to}`;
  if (move.state === 'skipped')
    return `${what} at ${windowWords(move)} was skipped: ${endSentence(move.why)}`;
  const waits = move.why === '' ? '' : ` Waits: ${endSentence(move.why)}`;
  return `${what} at ${windowWords(move)}, scheduled by ${move.by}. ${member.name} keeps it.${waits}`;
}

/** Found again from the cluster: a move that waits for its window, or the last one that was skipped. */
export function ScheduleLine({
  sight,
  className,
}: {
  readonly sight: ClusterSight;
  readonly className: string;
}) {
  const scheduled = scheduledNow(sight);
  if (scheduled === null) return null;
  const Icon = scheduled.move.state === 'waiting' ? CalendarClock : CalendarX;
  return (
    <div className={className}>
      <Icon aria-hidden />
      <span>{scheduledSentence(scheduled, sight)}</span>
      <a href={routeHash({ page: 'schedule', cluster: sight.cluster.id })}>Show it</a>
    </div>
  );
}
