import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import { formatMeasured, formatRange, oldestAge } from '../../../shared/fleet/age.ts';
import type { PlanStep, SwitchoverPlan } from '../../../shared/fleet/switchover-plan.ts';
import { Card } from '../../components/card.tsx';
import table from '../../components/table.module.css';
import { BlockerList, mergeBlockers } from './blocker-list.tsx';
import classes from './guided.module.css';

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
export function PlanCard({ plan, atRisk }: { readonly plan: SwitchoverPlan; readonly atRisk: string }) {
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
                Last time
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
      <div className={classes.note}>
        {withoutWords(plan)} {atRisk}
      </div>
    </Card>
  );
}

function PlanRow({ step, number }: { readonly step: PlanStep; readonly number: number }) {
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
            {formatMeasured(step.expectedMs)}
          </>
        )}
      </td>
    </tr>
  );
}

function withoutWords(plan: SwitchoverPlan): string {
  const numbers = plan.steps.flatMap((step, index) => (step.withoutActive ? [index + 1] : []));
  const renewal = plan.target.snapshot?.timing.H;
  const late = renewal === undefined ? '' : ` plus up to ${renewal} s until ${plan.target.name} asks`;
  return [
    `No Active during steps ${numbers[0]} to ${numbers.at(-1)}.`,
    `The sum is of the last measured times${late}.`,
    ...basisWords(plan),
  ].join(' ');
}

/** Which times of the sum were not measured where they will be spent. */
function basisWords({ steps }: SwitchoverPlan): string[] {
  const counted = steps.filter((step) => step.withoutActive);
  const assumed = counted.filter((step) => step.assumed);
  const missing = counted.filter((step) => step.expectedMs === null);
  return [
    ...(assumed.length === 0 ? [] : ['Assumed: as it was on the other server.']),
    ...(missing.length === 0 ? [] : ['What was not measured is not in the sum.']),
  ];
}
