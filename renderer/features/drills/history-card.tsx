import { drillWords, type DrillRecord } from '../../../shared/drills/drill-record.ts';
import { outageWords } from '../../../shared/drills/last-drill.ts';
import { Card } from '../../components/card.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { DrillChip } from './drill-chip.tsx';
import classes from './drills.module.css';

export interface HistoryCardProps {
  readonly records: readonly DrillRecord[];
  readonly goalSeconds: number | null;
  readonly shown: string | null;
  readonly onShow: (id: string) => void;
}

/** Drills newest first; the bars beside them are the trend of the time without service, against the goal. */
export function HistoryCard({ records, goalSeconds, shown, onShow }: HistoryCardProps) {
  const goalMs = goalSeconds === null ? 0 : goalSeconds * 1000;
  const widestMs = Math.max(goalMs, 1, ...records.map(knownMs));
  const goal = goalSeconds === null ? 'no goal is stated' : `line: goal ${goalSeconds} s`;
  return (
    <Card title="History" note={records.length === 0 ? 'none yet' : goal}>
      {records.length === 0 ? (
        <p className={classes.empty}>
          No drill was made yet. The first one shows what a failover takes here.
        </p>
      ) : (
        <ul className={classes.history} aria-label="Drills that were made">
          {records.map((record) => (
            <li key={record.id}>
              <button
                type="button"
                className={classes.row}
                aria-pressed={record.id === shown}
                onClick={() => onShow(record.id)}
              >
                <span className={classes.rowTitle}>
                  <b>{record.cluster}</b> {drillWords[record.kind].title}
                </span>
                <DrillChip record={record} plain />
                <span className={classes.small}>
                  {formatWallTime(record.startedAt)} by {record.by.name}
                  {lossWords(record)}
                </span>
                <Bar record={record} widestMs={widestMs} goalMs={goalMs} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** What was lost in it; nothing where nothing is told. Pure. */
function lossWords({ loss }: DrillRecord): string {
  if (loss === null) return '';
  return loss.lost === null ? '; loss not known' : `; ${loss.lost}\u00a0lost`;
}

/** How long it was without service, as far as that is known: between two clocks it is not. Pure. */
function knownMs({ outage }: DrillRecord): number {
  return outage === null || outage.betweenClocks === true ? 0 : (outage.ms ?? 0);
}

function Bar(props: { readonly record: DrillRecord; readonly widestMs: number; readonly goalMs: number }) {
  const { record, widestMs, goalMs } = props;
  const { outage } = record;
  if (outage?.ms == null) return <span className={classes.barText} />;
  const { ms, atLeast } = outage;
  const isKnown = outage.betweenClocks !== true;
  const share = (value: number) => `${(100 * value) / widestMs}%`;
  return (
    <span className={classes.barText}>
      <span className={classes.bar} aria-hidden>
        <span
          className={isKnown && !atLeast ? undefined : classes.open}
          style={{ width: isKnown ? share(ms) : '100%' }}
        />
        {goalMs > 0 && <i style={{ left: share(goalMs) }} />}
      </span>
      <span className="num">{outageWords(outage)}</span>
    </span>
  );
}
