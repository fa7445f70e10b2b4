import type { OperationRecord } from '../../../shared/agent-api/operation-record.ts';
import { formatMeasured, formatSeconds } from '../../../shared/fleet/age.ts';
import { operationSummary, stepTookMs } from '../../../shared/fleet/operation-summary.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { shortStep } from '../../../shared/fleet/step-words.ts';
import { useLongestWait } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { shortestWaitMs } from '../../stores/history.ts';
import { Figure } from './figure.tsx';
import classes from './guided.module.css';

/** Four figures of an ended operation, and where the time went. */
export function ResultCards({
  record,
  sight,
}: {
  readonly record: OperationRecord;
  readonly sight: ClusterSight;
}) {
  const summary = operationSummary(record, 0);
  const { traffic } = sight.cluster;
  return (
    <>
      {record.state !== 'done' && (
        <Notice kind={record.state === 'failed' ? 'danger' : 'warn'} title={record.sentence} urgent>
          {record.state === 'rolled-back'
            ? 'The cluster is where it was before. The steps below show which one did not succeed, and its evidence.'
            : 'Look at who is Active now, on the right, before anything else is tried. The steps below show how far it came.'}
        </Notice>
      )}
      <section className={classes.figures} aria-label="Result">
        <Figure
          label="Without an Active"
          value={formatSeconds(summary.withoutActiveMs)}
          unit="s"
          note="measured, sum of its steps"
        />
        <Figure
          label="Messages lost"
          value={traffic ? String(traffic.lost) : '?'}
          note={traffic ? 'of the numbered messages' : 'this site sends no numbered messages'}
        />
        <Figure
          label="Out of order"
          value={traffic ? String(traffic.outOfOrder) : '?'}
          note={traffic ? `${traffic.duplicates} sent again, counted` : 'not known'}
        />
        <LongestWait record={record} sight={sight} />
      </section>
      <WhereTimeWent record={record} />
    </>
  );
}

/** Of this change only: what its senders waited while this page looked on. */
function LongestWait({ record, sight }: { readonly record: OperationRecord; readonly sight: ClusterSight }) {
  const label = 'Longest wait of a sender';
  const ms = useLongestWait(sight.cluster.id, {
    startedAgoMs: record.startedAgoMs,
    tookMs: operationSummary(record, 0).totalMs,
  });
  if (!sight.cluster.traffic) return <Figure label={label} value="?" note="not known" />;
  if (ms === null) {
    return <Figure label={label} value="?" note="this page was opened after it began" />;
  }
  const value = ms < shortestWaitMs ? `< ${formatSeconds(shortestWaitMs)}` : formatSeconds(ms);
  return <Figure label={label} value={value} unit="s" note="as this page saw it" />;
}

function WhereTimeWent({ record }: { readonly record: OperationRecord }) {
  const summary = operationSummary(record, 0);
  const spans = record.steps
    .map((step) => ({ step, ms: stepTookMs(step, record, 0) }))
    .filter(({ ms }) => ms > 0);
  return (
    <Card
      title="Where the time went"
      right={
        <span className="small ink2 num">
          {formatSeconds(summary.totalMs)} s in all, {formatSeconds(summary.withoutActiveMs)} s without an
          Active
        </span>
      }
    >
      <div className={classes.went}>
        {spans.map(({ step, ms }) => (
          <div key={`${step.server} ${step.id}`} className={classes.wentStep} style={{ flex: `${ms} 1 0` }}>
            <div
              className={`${classes.wentBar} ${step.withoutActive ? classes.wentWithout : ''}`}
              title={step.title}
            >
              {fits(shortStep(step.id, step.title), ms / summary.totalMs) && shortStep(step.id, step.title)}
            </div>
            {ms > summary.totalMs * 0.055 && <span className="ink2 num">{formatMeasured(ms)}</span>}
          </div>
        ))}
      </div>
      <div className={classes.key}>
        <span className={`${classes.swatch} ${classes.wentWithout}`} aria-hidden /> no Active,{' '}
        {formatSeconds(summary.withoutActiveMs)} s
        <span className="ink2">Steps that ran with an Active are grey.</span>
      </div>
    </Card>
  );
}

/** A bar says all of its words or none: it is about 110 characters wide. */
function fits(words: string, share: number): boolean {
  return words.length + 1 < share * 100;
}

/** Not a failure: nobody who works on it can be heard. */
export function UnknownCard({ record }: { readonly record: OperationRecord }) {
  return (
    <Notice kind="watching" title="Outcome unknown, still watching" urgent>
      {record.sentence} The lease keeps two engines apart whatever happened.
    </Notice>
  );
}
