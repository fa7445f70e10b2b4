import type { OperationRecord, OperationStep } from '../../../shared/agent-api/operation-record.ts';
import { formatMeasured, formatRange, formatSeconds } from '../../../shared/fleet/age.ts';
import { operationSummary, stepTookMs } from '../../../shared/fleet/operation-summary.ts';
import { heardAge, serverName, type ClusterSight, type SiteSight } from '../../../shared/fleet/sight.ts';
import { planMove, type MoveKind } from '../../../shared/fleet/move-plan.ts';
import { usualStep } from '../../../shared/fleet/switchover-plan.ts';
import { isSlow, type UsualKind, type UsualTime } from '../../../shared/history/usual-time.ts';
import { Card } from '../../components/card.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import classes from './guided.module.css';
import { UsualCell, usualNote } from './usual-cell.tsx';

export interface OperationCardProps {
  readonly record: OperationRecord;
  readonly sight: ClusterSight;
  readonly site: SiteSight;
}

/** Time without an Active, large, against the expected window (dashed), and what is waited for. */
export function RunningHead({ record, sight, site }: OperationCardProps) {
  const summary = operationSummary(record, sight.elapsedMs);
  const target = sight.members.find((member) => member.server === record.to);
  const expected = target
    ? planMove(sight, { verb: moveOf(record), target }, { role: 'viewer', connected: true }).withoutActive
    : { bestMs: 0, worstMs: 0 };
  const kind = usualKindOf(record);
  const fullMs = Math.max(expected.worstMs * 1.2, summary.withoutActiveMs * 1.1, 5_000);
  const share = (ms: number) => `${Math.min(100, (100 * ms) / fullMs)}%`;
  const step = summary.running;
  const usual = step ? usualStep(sight, step.id, step, kind) : null;
  const slow = step && usual && isSlow(stepTookMs(step, record, sight.elapsedMs), usual);
  const waits = step
    ? `Waits for proof on ${serverName(site.site, step.server)}: ${step.title}${slow ? ', longer than usual' : ''}`
    : 'Waits for the next step';
  return (
    <section className={classes.runningHead} aria-label="Without an Active">
      <div>
        <div className="small ink2">Without an Active for</div>
        <span className={classes.big}>
          {formatSeconds(summary.withoutActiveMs)} <small className="small ink2">s</small>
        </span>
      </div>
      <div>
        <div className={classes.scale}>
          <b>{waits}</b>
          {expected.worstMs > 0 && (
            <span className="num">expected {formatRange(expected.bestMs, expected.worstMs)}</span>
          )}
        </div>
        <div className={classes.track} aria-hidden>
          <span className={classes.fill} style={{ width: share(summary.withoutActiveMs) }} />
          {expected.worstMs > 0 && (
            <span
              className={classes.expected}
              style={{ left: share(expected.bestMs), width: share(expected.worstMs - expected.bestMs) }}
            />
          )}
        </div>
        <div className={`${classes.scale} num`}>
          <span>0 s</span>
          <span>dashed: expected end</span>
          <span>{formatSeconds(fullMs)} s</span>
        </div>
      </div>
    </section>
  );
}

function moveOf({ kind }: OperationRecord): MoveKind {
  return kind === 'failover' || kind === 'force-takeover' ? 'failover' : 'switchover';
}

function usualKindOf(record: OperationRecord): UsualKind {
  return moveOf(record) === 'failover' ? 'takeover' : 'planned';
}

const stepIcons: Record<OperationStep['state'], FactState> = {
  pending: 'waiting',
  running: 'waiting',
  done: 'ok',
  failed: 'danger',
  undone: 'warn',
};

/** Every step with its evidence, when it started, how long it took and usually takes. Each waits for proof, not for time. */
export function StepTable({ record, sight, site }: OperationCardProps) {
  const kind = usualKindOf(record);
  return (
    <Card title="Steps" note="each waits for proof, not for time" age={heardAge(sight)}>
      <div className={table.scroll}>
        <table className={`${table.table} ${table.dense}`}>
          <thead>
            <tr>
              <th scope="col">Step and evidence</th>
              <th scope="col">On</th>
              <th scope="col" className={table.right}>
                Started
              </th>
              <th scope="col" className={table.right}>
                Usually
              </th>
              <th scope="col" className={table.right}>
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {record.steps.map((step) => (
              <StepRow
                key={`${step.server} ${step.id}`}
                step={step}
                usual={usualStep(sight, step.id, step, kind)}
                on={serverName(site.site, step.server)}
                tookMs={stepTookMs(step, record, sight.elapsedMs)}
                startedMs={startedAfter(step, record)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes.note}>
        A heavy bar at the left: no Active during this step. {usualNote(sight, kind)}
      </div>
    </Card>
  );
}

/** Milliseconds from the start of the operation to the start of the step. */
function startedAfter(step: OperationStep, record: OperationRecord): number | null {
  return step.startedAgoMs === null ? null : Math.max(0, record.startedAgoMs - step.startedAgoMs);
}

function StepRow(props: {
  readonly step: OperationStep;
  readonly on: string;
  readonly tookMs: number;
  readonly startedMs: number | null;
  readonly usual: UsualTime | null;
}) {
  const { step, usual } = props;
  const slow = usual !== null && step.state !== 'pending' && isSlow(props.tookMs, usual);
  const running = step.state === 'running';
  const rowClass = `${step.withoutActive ? classes.without : ''} ${running ? classes.runningRow : ''}`;
  return (
    <tr className={rowClass} aria-current={running ? 'step' : undefined}>
      <td>
        <div className={classes.stepTitle}>
          <StateIcon state={stepIcons[step.state]} /> {running ? <b>{step.title}</b> : step.title}
          {step.withoutActive && <span className="visually-hidden">, no Active meanwhile</span>}
        </div>
        {step.evidence !== '' && <div className={classes.evidence}>{step.evidence}</div>}
      </td>
      <td className="ink2">{props.on}</td>
      <td className={table.right}>
        {props.startedMs === null ? '' : `+${formatSeconds(props.startedMs)} s`}
      </td>
      <td className={`${table.right} ink2`}>{usual !== null && <UsualCell usual={usual} />}</td>
      <td className={table.right}>
        {step.state === 'pending' ? (
          <span className="ink3">waits</span>
        ) : (
          <b>{formatMeasured(props.tookMs)}</b>
        )}
        {slow && (
          <div className={classes.slow}>
            <StateIcon state="warn" /> longer than usual
          </div>
        )}
      </td>
    </tr>
  );
}
