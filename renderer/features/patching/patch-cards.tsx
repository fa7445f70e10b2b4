import { NativeSelect } from '@mantine/core';
import { formatMeasured, formatRange } from '../../../shared/fleet/age.ts';
import type { PatchPlan, PatchStep } from '../../../shared/patching/patch-plan.ts';
import type { PatchRun, PatchStepRun } from '../../../shared/patching/patch-view.ts';
import { routeHash } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import { formatWallTime } from '../../components/wall-time.ts';
import { endsAt, holdDurations } from '../operations/hold-cards.tsx';
import guided from '../operations/guided.module.css';

/** What will be done, one after another; a heavy bar marks steps in which a cluster has no Active for a moment. */
export function PatchPlanCard(props: {
  readonly plan: PatchPlan;
  readonly minutes: number;
  readonly onMinutes: (minutes: number) => void;
}) {
  const { plan, minutes, onMinutes } = props;
  const out = plan.direction === 'out';
  return (
    <Card
      title="Plan"
      right={
        out && (
          <span className="small ink2">
            held out until <span className={guided.sum}>{endsAt(minutes * 60_000)}</span>, unless brought back
            before
          </span>
        )
      }
    >
      {out && (
        <div className={guided.choices}>
          <NativeSelect
            label="Held out for"
            data={holdDurations}
            value={String(minutes)}
            onChange={(event) => onMinutes(Number(event.currentTarget.value))}
          />
        </div>
      )}
      <div className={table.scroll}>
        <table className={`${table.table} ${table.dense}`}>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">Step</th>
              <th scope="col">If it goes wrong</th>
              <th scope="col" className={table.right}>
                Without an Active
              </th>
              <th scope="col" className={table.right}>
                Usually
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.steps.map((step, index) => (
              <PlanRow key={step.title} step={step} number={index + 1} />
            ))}
          </tbody>
        </table>
      </div>
      <div className={guided.note}>
        One cluster moves at a time, and before each move its blockers are looked at again. It ends at the
        first step that is not done, and says what stands where.
      </div>
    </Card>
  );
}

function PlanRow({ step, number }: { readonly step: PatchStep; readonly number: number }) {
  const { withoutActive, usualMs } = step;
  return (
    <tr className={withoutActive === null ? undefined : guided.without}>
      <td className="ink2 num">{number}</td>
      <td>{step.title}</td>
      <td className="ink2">{step.ifWrong}</td>
      <td className={table.right}>
        {withoutActive === null ? (
          <span className="ink3">none</span>
        ) : withoutActive.complete ? (
          formatRange(withoutActive.bestMs, withoutActive.worstMs)
        ) : (
          <span className="ink3">not measured</span>
        )}
      </td>
      <td className={table.right}>{usualMs === null ? '' : formatMeasured(usualMs)}</td>
    </tr>
  );
}

const stepStates: Record<PatchStepRun['state'], FactState> = {
  pending: 'waiting',
  running: 'waiting',
  done: 'ok',
  failed: 'danger',
  unknown: 'unknown',
};

/** The steps of a run, under way or ended, each with its evidence and its time beside the usual one. */
export function PatchStepsCard({ run }: { readonly run: PatchRun }) {
  const done = run.steps.filter(({ state }) => state === 'done').length;
  return (
    <Card
      title="Steps"
      note={`${done} of ${run.steps.length} done, asked for by ${run.by} at ${formatWallTime(run.startedAt)}`}
    >
      <div className={table.scroll}>
        <table className={`${table.table} ${table.dense}`}>
          <thead>
            <tr>
              <th scope="col">Step and evidence</th>
              <th scope="col" className={table.right}>
                Usually
              </th>
              <th scope="col" className={table.right}>
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {run.steps.map((step) => (
              <RunRow key={step.title} step={step} ended={run.state !== 'running'} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function RunRow({ step, ended }: { readonly step: PatchStepRun; readonly ended: boolean }) {
  const { state, title, evidence, cluster, operation, usualMs, tookMs } = step;
  const running = state === 'running';
  return (
    <tr className={running ? guided.runningRow : undefined} aria-current={running ? 'step' : undefined}>
      <td>
        <div className={guided.stepTitle}>
          <StateIcon state={stepStates[state]} /> {running ? <b>{title}</b> : title}
          {operation !== null && cluster !== null && (
            <a href={routeHash({ page: 'operation', cluster, operation })}>its steps</a>
          )}
        </div>
        {evidence !== '' && <div className={guided.evidence}>{evidence}</div>}
      </td>
      <td className={`${table.right} ink2`}>{usualMs === null ? '' : formatMeasured(usualMs)}</td>
      <td className={table.right}>
        {tookMs !== null ? (
          <b>{formatMeasured(tookMs)}</b>
        ) : (
          <span className="ink3">{running ? 'under way' : ended ? 'not asked for' : 'waits'}</span>
        )}
      </td>
    </tr>
  );
}
