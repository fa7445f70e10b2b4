import { Check, RotateCcw } from 'lucide-react';
import type { Stage } from '../../../shared/getting-started/stages.ts';
import { useSnapshot } from '../../app/console-context.tsx';
import { routeHash } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import classes from './getting-started.module.css';
import { stagePlace } from './stage-places.ts';
import { useStages } from './use-stages.ts';

/** The four stages from nothing to a site that may be relied on, ticked from what is kept of each. */
export function GettingStartedCard() {
  const { stages, about } = useStages();
  const done = stages.filter(({ state }) => state === 'done').length;
  return (
    <Card
      title="Getting started"
      note={about}
      right={<span className="small ink3 num">{done} of 4 done</span>}
    >
      <ol className={classes.stages} aria-label="Stages of getting started">
        {stages.map((stage, index) => (
          <StageRow key={stage.id} stage={stage} number={index + 1} />
        ))}
      </ol>
    </Card>
  );
}

const stateWords = { done: 'done', open: 'open', again: 'look again' } as const;

function StageRow({ stage, number }: { readonly stage: Stage; readonly number: number }) {
  const site = useSnapshot()?.site ?? null;
  const { id, title, state, says, progress } = stage;
  const to = stagePlace(id, site !== null && !site.demo);
  return (
    <li className={classes.stage}>
      <span className={`${classes.mark} ${state === 'open' ? '' : classes.behind}`} aria-hidden>
        {state === 'done' ? <Check /> : state === 'again' ? <RotateCcw /> : number}
      </span>
      <a className={classes.title} href={routeHash(to)}>
        {title}
      </a>
      <span className="small ink3">{stateWords[state]}</span>
      <span className={`${classes.says} small ink2`}>{says}</span>
      <progress
        className={classes.bar}
        max={progress?.of ?? 1}
        value={progress?.met ?? (state === 'done' ? 1 : 0)}
        aria-label={title}
      />
    </li>
  );
}
