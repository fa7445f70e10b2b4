import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import { formatMeasured, formatRange, oldestAge } from '../../../shared/fleet/age.ts';
import { withoutActiveWords } from '../../../shared/fleet/plan-words.ts';
import type { PlanStep, SwitchoverPlan } from '../../../shared/fleet/switchover-plan.ts';
import { Card } from '../../components/card.tsx';
import table from '../../components/table.module.css';
import { BlockerList, mergeBlockers } from './blocker-list.tsx';
import classes from './guided.module.css';
import { UsualCell } from './usual-cell.tsx';

/** What stands in the way of a planned move. */
export function BlockerCard(props: {
  readonly plan: SwitchoverPlan;
  readonly refused: readonly Blocker[];
  readonly fine: string;
}) {
  const { plan, refused, fine } = props;
  const asked = plan.from ? [plan.from, plan.target] : [plan.target];
  return (
    <BlockerList
      blockers={mergeBlockers(plan.refusals, refused)}
      cautions={plan.cautions}
      age={{
        ms: oldestAge(asked.map(({ heardMs }) => heardMs)),
        sourceSilent: asked.some(({ silent }) => silent),
      }}
      fine={fine}
    />
  );
}

/** The steps as the agents will take them; a heavy bar marks those without an Active, their sum stands in the head. */
export function PlanCard(props: {
  readonly plan: SwitchoverPlan;
  readonly atRisk: string;
  /** What the usual times are of; empty: the history was not read. */
  readonly note?: string;
}) {
  const { plan, atRisk, note = '' } = props;
  const known = plan.steps.some(({ usual }) => usual !== null);
  const { bestMs, worstMs } = plan.withoutActive;
  const missing = plan.steps.filter((step) => step.withoutActive && step.expectedMs === null).length;
  return (
    <Card
      title="Plan"
      right={
        <span className="small ink2">
          without an Active <span className={classes.sum}>{formatRange(bestMs, worstMs)}</span> expected
          {missing > 0 && `, ${missing} ${missing === 1 ? 'step' : 'steps'} not measured`}
        </span>
      }
    >
      <div className={table.scroll}>
        <table className={`${table.table} ${table.dense}`}>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">Step</th>
              <th scope="col">On</th>
              <th scope="col">If it goes wrong</th>
              <th scope="col" className={table.right}>
                {known ? 'Usually' : 'Last time'}
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.steps.map((step, index) => (
              <PlanRow key={step.title} {...{ step, known }} number={index + 1} />
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes.note}>
        {[withoutActiveWords(plan), note, atRisk].filter((words) => words !== '').join(' ')}
      </div>
    </Card>
  );
}

function PlanRow(props: {
  readonly step: PlanStep;
  readonly number: number;
  /** Some steps have usual times: of another one it is said that its time is that of the last time. */
  readonly known: boolean;
}) {
  const { step, number, known } = props;
  return (
    <tr className={step.withoutActive ? classes.without : undefined}>
      <td className="ink2 num">{number}</td>
      <td>
        {step.title}
        {step.withoutActive && <span className="visually-hidden">, no Active meanwhile</span>}
      </td>
      <td className="ink2">{step.on}</td>
      <td className="ink2">{step.ifWrong}</td>
      <td className={table.right}>
        {step.expectedMs === null ? (
          <span className="ink3">not measured</span>
        ) : (
          <>
            {step.assumed && <span className="ink3">assumed </span>}
            {step.usual === null && known && <span className={classes.usualRange}>last time </span>}
            {step.usual === null ? formatMeasured(step.expectedMs) : <UsualCell usual={step.usual} oneLine />}
          </>
        )}
      </td>
    </tr>
  );
}
