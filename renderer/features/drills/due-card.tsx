import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { drillWords } from '../../../shared/drills/drill-record.ts';
import type { DrillInterval, DueDrill } from '../../../shared/drills/drill-calendar.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { PlanForm } from './plan-form.tsx';
import classes from './drills.module.css';

export interface DueCardProps {
  readonly due: readonly DueDrill[];
  readonly busy: boolean;
  readonly onMake: (due: DueDrill) => void;
  /** Ids of the clusters that a drill can be planned for. */
  readonly clusters: readonly string[];
  /** Keeps how often a drill shall be made; answers whether it is kept. Null: this person plans none. */
  readonly onPlan: ((interval: DrillInterval) => Promise<boolean>) | null;
}

/** The plan of drills, what is due first. */
export function DueCard({ due, busy, onMake, clusters, onPlan }: DueCardProps) {
  const [changing, setChanging] = useState(false);
  return (
    <Card
      title="Plan"
      note="usually each quarter"
      right={
        onPlan !== null &&
        !changing && (
          <InkButton act="back" size="compact-xs" onClick={() => setChanging(true)}>
            Change the plan
          </InkButton>
        )
      }
    >
      <ul className={classes.due} aria-label="Plan of drills">
        {due.map((one) => (
          <li key={`${one.cluster} ${one.kind}`}>
            <div>
              <b>{one.cluster}</b> {drillWords[one.kind].title}
              <div className={classes.small}>{whenWords(one)}</div>
            </div>
            {one.state !== 'fine' && (
              <Chip tone={one.state === 'due' ? 'warn' : 'rule'} shape="square" icon={CalendarClock}>
                {one.state === 'due' ? 'Due' : 'Soon'}
              </Chip>
            )}
            <InkButton idle={busy} onClick={() => onMake(one)} aria-label={`Plan it: ${one.cluster}`}>
              Plan it
            </InkButton>
          </li>
        ))}
      </ul>
      {onPlan !== null && changing && (
        <PlanForm due={due} clusters={clusters} onPlan={onPlan} onEnd={() => setChanging(false)} />
      )}
    </Card>
  );
}

function whenWords({ lastAt, dueOn, everyDays, state }: DueDrill): string {
  const often = `every ${everyDays} days`;
  if (dueOn === null) return `Never passed; ${often}`;
  if (lastAt === null)
    return state === 'due'
      ? `Never passed, was due by ${dueOn}; ${often}`
      : `First one by ${dueOn}, then ${often}`;
  return `Passed ${lastAt.slice(0, 10)}, next by ${dueOn}; ${often}`;
}
