import { formatMeasured } from '../../../shared/fleet/age.ts';
import { usualRange, usualWords } from '../../../shared/fleet/plan-words.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import type { UsualKind, UsualTime } from '../../../shared/history/usual-time.ts';
import { formatDay } from '../../components/wall-time.ts';
import classes from './guided.module.css';

/** The median with the shortest and the longest time, where they differ: below it, or before it on one line. */
export function UsualCell(props: { readonly usual: UsualTime; readonly oneLine?: boolean }) {
  const { usual, oneLine = false } = props;
  const { count, medianMs, since } = usual;
  const range = usualRange(usual);
  return (
    <div
      className={oneLine ? classes.usualLine : undefined}
      title={`${count === 1 ? 'Measured once' : `Median of ${count}`}, from ${formatDay(since)} on`}
    >
      {oneLine && range !== null && <span className={classes.usualRange}>{range} </span>}
      {formatMeasured(medianMs)}
      {!oneLine && range !== null && <div className={classes.usualRange}>{range}</div>}
    </div>
  );
}

/** What the usual times are of; empty: the history was not read yet. */
export function usualNote(sight: ClusterSight, kind: UsualKind): string {
  return usualWords(sight, kind, 'This workstation’s history', formatDay);
}
