import { Check } from 'lucide-react';
import { readinessStages, type ReadinessStage } from '../../../shared/readiness/check.ts';
import { routeHash } from '../../app/route.ts';
import { stagePlace } from '../getting-started/stage-places.ts';
import { isMet, type StandingRow } from './standing-rows.ts';
import classes from './readiness.module.css';

const stages = Object.keys(readinessStages) as ReadinessStage[];

/** The four stages of getting started, and how far each is. */
export function StageBar({ rows }: { readonly rows: readonly StandingRow[] }) {
  return (
    <ol className={classes.stages} aria-label="Getting started">
      {stages.map((stage, index) => (
        <Stage
          key={stage}
          number={index + 1}
          href={stage === 'design' || stage === 'behaviour' ? routeHash(stagePlace(stage, true)) : null}
          title={readinessStages[stage]}
          rows={rows.filter(({ check }) => check.stage === stage)}
        />
      ))}
    </ol>
  );
}

function Stage(props: {
  readonly number: number;
  /** Where it is worked on; null: here. */
  readonly href: string | null;
  readonly title: string;
  readonly rows: readonly StandingRow[];
}) {
  const of = props.rows.length;
  const met = props.rows.filter(isMet).length;
  const done = of > 0 && met === of;
  return (
    <li className={classes.stage}>
      <span className={`${classes.stageMark} ${done ? classes.stageDone : ''}`} aria-hidden>
        {done ? <Check /> : props.number}
      </span>
      <span className={classes.stageTitle}>
        {props.href === null ? props.title : <a href={props.href}>{props.title}</a>}
      </span>
      <progress className={classes.bar} max={Math.max(1, of)} value={met} aria-label={props.title} />
      <span className={`${classes.stageCount} num`}>
        {met} of {of}
      </span>
      <span className={`${classes.stageNote} small ink3`}>{note(props.rows)}</span>
    </li>
  );
}

/** What is open in a stage, in a few words. Pure. */
function note(rows: readonly StandingRow[]): string {
  const open = rows.filter(({ isOpen }) => isOpen);
  const [first] = open;
  if (rows.length === 0) return 'not checked yet';
  if (first === undefined) return 'nothing open';
  const waits = open.filter(({ check, result }) => check.how.by === 'person' && result.verdict === 'unknown');
  if (waits.length === open.length) return `${waits.length} for people to answer`;
  const failed = open.filter(({ result }) => result.verdict === 'failed').length;
  const count = failed > 0 ? `${failed} failed, ` : '';
  return `${count}${open.length} open`;
}
