import { Check, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { routeHash } from '../../app/route.ts';
import marks from '../../components/step-marks.module.css';
import classes from './guided.module.css';
import { LiveState } from './live-state.tsx';

export const guidedSteps = ['Blockers', 'Plan', 'Confirm', 'Running', 'Result'] as const;
export type GuidedStep = (typeof guidedSteps)[number];

export interface GuidedPageProps {
  readonly sight: ClusterSight;
  readonly title: string;
  /** What kind of change it is, at the end of the way to this page. */
  readonly crumb: string;
  readonly chip: ReactNode;
  /** The step to work on; those before it are done. */
  readonly current: GuidedStep;
  readonly notes: Partial<Record<GuidedStep, string>>;
  readonly foot: ReactNode;
  /** Said beside the state, while something is planned or runs. */
  readonly aside?: string;
  readonly children: ReactNode;
}

/** Guided work: the steps left with what was found or chosen, the work in the middle, the live state right. */
export function GuidedPage(props: GuidedPageProps) {
  const { id } = props.sight.cluster;
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <nav className={classes.crumbs} aria-label="Breadcrumb">
          <a href={routeHash({ page: 'clusters' })}>Clusters</a>
          <ChevronRight aria-hidden />
          <a href={routeHash({ page: 'cluster', cluster: id, tab: 'topology' })}>{id}</a>
          <ChevronRight aria-hidden />
          <span>{props.crumb}</span>
        </nav>
        <div className={classes.title}>
          <h1>{props.title}</h1>
          {props.chip}
        </div>
      </header>
      <ol className={classes.steps} aria-label="Steps">
        {guidedSteps.map((step, index) => (
          <StepItem key={step} step={step} index={index} current={props.current} note={props.notes[step]} />
        ))}
      </ol>
      <div className={classes.body} tabIndex={0} role="region" aria-label="Work">
        {props.children}
      </div>
      <LiveState
        sight={props.sight}
        meanwhile={props.current === 'Result' ? null : (props.aside ?? whileMoving)}
      />
      <footer className={classes.foot}>{props.foot}</footer>
    </div>
  );
}

const whileMoving = 'Senders wait for an answer and send again. Other clusters are not touched.';

function StepItem(props: {
  readonly step: GuidedStep;
  readonly index: number;
  readonly current: GuidedStep;
  readonly note: string | undefined;
}) {
  const now = guidedSteps.indexOf(props.current);
  const done = props.index < now;
  const current = props.index === now;
  return (
    <li
      className={`${classes.step} ${current ? classes.current : ''} ${done ? classes.stepDone : ''}`}
      aria-current={current ? 'step' : undefined}
    >
      <span className={marks.dot} aria-hidden>
        {done ? <Check /> : props.index + 1}
      </span>
      <span>
        {props.step}
        {done && <span className="visually-hidden"> done</span>}
      </span>
      {props.note && <span className={marks.note}>{props.note}</span>}
    </li>
  );
}
