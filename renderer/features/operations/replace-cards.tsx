import type { ReplacementStep, StoreReplacementPlan } from '../../../shared/fleet/replacement-plan.ts';
import { formatSeconds } from '../../../shared/fleet/age.ts';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import table from '../../components/table.module.css';
import classes from './guided.module.css';
import { LiveStepsCard, StepRow } from './live-steps-card.tsx';

/** What would be done, in this order, and what a step leaves that does not work. */
export function ReplacementPlanCard(props: {
  readonly plan: StoreReplacementPlan;
  readonly steps: readonly ReplacementStep[];
}) {
  const { plan, steps } = props;
  return (
    <Card
      title="Plan"
      right={
        <span className="small ink2">
          nothing is granted for <span className={classes.sum}>{formatSeconds(plan.waitMs)} s</span>
        </span>
      }
    >
      <table className={`${table.table} ${table.dense}`}>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Step</th>
            <th scope="col">On</th>
            <th scope="col">If it goes wrong</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <tr key={step.title}>
              <td className="ink2 num">{index + 1}</td>
              <td>{step.title}</td>
              <td className="ink2">{step.on}</td>
              <td className="ink2">{step.ifWrong}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.planNote}>{effects(plan)}</p>
    </Card>
  );
}

function effects({ alone, other }: StoreReplacementPlan): string {
  const kept =
    'An Active serves all the time. Maintenance and blocks that only the lost store knew are forgotten.';
  return alone
    ? `${kept} The epoch is raised by 1000 above every known one, and ${other.name} takes no part until it is re-admitted. A promise that was given still stands.`
    : `${kept} Nothing is moved by this.`;
}

/** The same steps as members and store tell them now. */
export function ReplacementStepsCard({ steps }: { readonly steps: readonly ReplacementStep[] }) {
  return (
    <LiveStepsCard>
      {steps.map((step) => (
        <StepRow key={step.title} title={step.title} state={step.state} evidence={step.evidence} on={step.on}>
          <Age ms={step.ageMs} sourceSilent={step.silent} />
        </StepRow>
      ))}
    </LiveStepsCard>
  );
}
