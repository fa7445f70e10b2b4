import { formatMeasured } from '../../../shared/fleet/age.ts';
import { usualRange, usualWords } from '../../../shared/fleet/plan-words.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import type { UsualKind, UsualTime } from '../../../shared/history/usual-times.ts';
import { formatDay } from '../../components/wall-time.ts';
import classes from './guided.module.css';

/** The median, and below it the shortest and the longest time, where they differ. */
export function UsualCell({ usual }: { readonly usual: UsualTime }) {
  const { count, medianMs, since } = usual;
  const range = usualRange(usual);
  return (
    <div title={`${count === 1 ? 'Measured once' : `Median of ${count}`}, from ${formatDay(since)} on`}>
      {formatMeasured(medianMs)}
      {range !== null && <div className={classes.usualRange}>{range}</div>}
    </div>
  );
}

/** What the usual times are of; empty: the history was not read yet. */
export function usualNote(sight: ClusterSight, kind: UsualKind): string {
  return usualWords(sight, kind, 'This workstation’s history', formatDay);
}
