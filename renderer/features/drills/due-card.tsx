import { CalendarClock } from 'lucide-react';
import { drillWords } from '../../../shared/drills/drill-record.ts';
import type { DueDrill } from '../../../shared/drills/drill-calendar.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './drills.module.css';

export interface DueCardProps {
  readonly due: readonly DueDrill[];
  readonly busy: boolean;
  readonly onMake: (due: DueDrill) => void;
}

/** The plan of drills, what is due first. */
export function DueCard({ due, busy, onMake }: DueCardProps) {
  return (
    <Card title="Plan" note="both directions each quarter, unless you say otherwise">
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
  return `Passed ${lastAt.slice(0, 10)}, next by ${dueOn}`;
}
