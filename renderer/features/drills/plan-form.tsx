import { NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import {
  everyDaysAtLeast,
  everyDaysAtMost,
  usualPlan,
  type DrillInterval,
  type DueDrill,
} from '../../../shared/drills/drill-calendar.ts';
import { DrillKind, drillKinds, drillWords } from '../../../shared/drills/drill-record.ts';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './drills.module.css';

export interface PlanFormProps {
  readonly due: readonly DueDrill[];
  readonly clusters: readonly string[];
  readonly onPlan: (interval: DrillInterval) => Promise<boolean>;
  readonly onEnd: () => void;
}

/** How often one drill of one cluster shall be made: in days, or nothing for what is usual. */
export function PlanForm({ due, clusters, onPlan, onEnd }: PlanFormProps) {
  const [cluster, setCluster] = useState(due[0]?.cluster ?? clusters[0] ?? '');
  const [kind, setKind] = useState<DrillKind>(usualPlan.kind);
  const planned = due.find((one) => one.cluster === cluster && one.kind === kind)?.everyDays ?? '';
  const [typed, setTyped] = useState<string | number | null>(null);
  const [keeping, setKeeping] = useState(false);
  const days = typed ?? planned;
  const error = daysError(days);
  const keep = async () => {
    setKeeping(true);
    const kept = await onPlan({ cluster, kind, everyDays: days === '' ? null : Number(days) });
    setKeeping(false);
    if (kept) onEnd();
  };
  return (
    <form
      className={classes.form}
      aria-label="How often a drill shall be made"
      onSubmit={(event) => {
        event.preventDefault();
        if (error === null && !keeping) void keep();
      }}
    >
      <NativeSelect
        label="Cluster"
        data={[...clusters]}
        value={cluster}
        onChange={({ currentTarget }) => {
          setCluster(currentTarget.value);
          setTyped(null);
        }}
      />
      <NativeSelect
        label="Drill"
        data={drillKinds.map((one) => ({
          value: one,
          label: `${drillWords[one].level} ${drillWords[one].title}`,
        }))}
        value={kind}
        onChange={({ currentTarget }) => {
          setKind(DrillKind.parse(currentTarget.value));
          setTyped(null);
        }}
      />
      <NumberInput
        label="Days between two"
        description={
          kind === usualPlan.kind ? `Empty: every ${usualPlan.everyDays} days` : 'Empty: not in the plan'
        }
        value={days}
        error={error}
        onChange={setTyped}
      />
      <div className={classes.acts}>
        <InkButton act="back" onClick={onEnd}>
          Leave it
        </InkButton>
        <InkButton type="submit" loading={keeping} refusal={error === null ? null : 'mend the days.'}>
          Keep the plan
        </InkButton>
      </div>
    </form>
  );
}

/** Why these days cannot be planned; null: they can, or nothing is said. Pure. */
function daysError(days: string | number): string | null {
  if (days === '') return null;
  const value = Number(days);
  return Number.isInteger(value) && value >= everyDaysAtLeast && value <= everyDaysAtMost
    ? null
    : `Whole days from ${everyDaysAtLeast} to ${everyDaysAtMost}.`;
}
