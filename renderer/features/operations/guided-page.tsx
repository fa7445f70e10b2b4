import { Check, ChevronRight } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { routeHash, type Route } from '../../app/route.ts';
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

/** Guided work on one cluster, with its live state. */
export function GuidedPage(props: GuidedPageProps) {
  const { id } = props.sight.cluster;
  return (
    <GuidedFrame
      {...props}
      way={[
        { words: 'Clusters', to: { page: 'clusters' } },
        { words: id, to: { page: 'cluster', cluster: id, tab: 'topology' } },
      ]}
      steps={guidedSteps}
      live={
        <LiveState
          sight={props.sight}
          meanwhile={props.current === 'Result' ? null : (props.aside ?? whileMoving)}
        />
      }
    />
  );
}

export interface GuidedFrameProps<Step extends string> {
  readonly title: string;
  /** Pages above this one. */
  readonly way: readonly { readonly words: string; readonly to: Route }[];
  readonly crumb: string;
  readonly chip: ReactNode;
  readonly steps: readonly Step[];
  readonly current: Step;
  readonly notes: Partial<Record<Step, string>>;
  readonly live: ReactNode;
  readonly foot: ReactNode;
  readonly children: ReactNode;
}

/** Guided work: the steps left with what was found or chosen, the work in the middle, the live state right. */
export function GuidedFrame<Step extends string>(props: GuidedFrameProps<Step>) {
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <nav className={classes.crumbs} aria-label="Breadcrumb">
          {props.way.map(({ words, to }) => (
            <Fragment key={words}>
              <a href={routeHash(to)}>{words}</a>
              <ChevronRight aria-hidden />
            </Fragment>
          ))}
          <span>{props.crumb}</span>
        </nav>
        <div className={classes.title}>
          <h1>{props.title}</h1>
          {props.chip}
        </div>
      </header>
      <ol className={classes.steps} aria-label="Steps">
        {props.steps.map((step, index) => (
          <StepItem
            key={step}
            step={step}
            index={index}
            now={props.steps.indexOf(props.current)}
            note={props.notes[step]}
          />
        ))}
      </ol>
      <div className={classes.body} tabIndex={0} role="region" aria-label="Work">
        {props.children}
      </div>
      {props.live}
      <footer className={classes.foot}>{props.foot}</footer>
    </div>
  );
}

const whileMoving = 'Senders wait for an answer and send again. Other clusters are not touched.';

function StepItem(props: {
  readonly step: string;
  readonly index: number;
  readonly now: number;
  readonly note: string | undefined;
}) {
  const done = props.index < props.now;
  const current = props.index === props.now;
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
