import { ArrowLeft, ArrowRight, Check } from 'lucide-react';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { navigate, redirect, routeHash } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { setupStepNames, type SetupStepName } from '../../../shared/setup/draft.ts';
import { setupGaps } from '../../../shared/setup/gaps.ts';
import {
  setupStepTitles,
  stepAfter,
  stepBefore,
  stepSummary,
  stepToGoOnAt,
} from '../../../shared/setup/steps.ts';
import { BegunNotice } from './begun-notice.tsx';
import { SignInQuestion } from './sign-in-question.tsx';
import { setupSteps } from './setup-steps.ts';
import marks from '../../components/step-marks.module.css';
import classes from './setup.module.css';
import { SetupProvider, useOpenSetup, type OpenSetup } from './use-setup.ts';

/** Setting up a site: without a step it goes on where it was left. */
export function SetupPage({ step }: { readonly step: SetupStepName | null }) {
  const { setup: store } = useConsole();
  const view = useStore(store, (state) => state.view);
  useEffect(() => store.getState().open(), [store]);
  useEffect(() => {
    if (step === null && view) redirect({ page: 'setup', step: stepToGoOnAt(view) });
  }, [step, view]);
  return step === null ? <NotOpen /> : <StepPage step={step} />;
}

/** The steps left with what was chosen, the work in the middle, the way on below. */
function StepPage({ step }: { readonly step: SetupStepName }) {
  const [tries, setTries] = useState<{ readonly step: SetupStepName; readonly count: number } | null>(null);
  const count = tries?.step === step ? tries.count : 0;
  const setup = useOpenSetup(step, count > 0);
  useEffect(() => {
    // Whoever cannot go on yet is led to the first field that is why.
    if (count > 0) document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus();
  }, [count]);
  if (!setup) return <NotOpen />;
  return (
    <SetupProvider value={setup}>
      <OpenPage step={step} setup={setup} onTry={() => setTries({ step, count: count + 1 })} />
    </SetupProvider>
  );
}

function OpenPage(props: {
  readonly step: SetupStepName;
  readonly setup: OpenSetup;
  readonly onTry: () => void;
}) {
  const { step, setup } = props;
  const { title, lead, Body, waitsFor, forward } = setupSteps[step];
  const { setup: store } = useConsole();
  const error = useStore(store, (state) => state.error);
  return (
    <div className={classes.page}>
      <StepList current={step} setup={setup} />
      {/* Each step begins at its top. */}
      <div key={step} className={classes.body} tabIndex={0} role="region" aria-label="Work">
        <header className={classes.head}>
          <h1>{title(setup)}</h1>
          <p>{lead}</p>
        </header>
        {error && <ErrorNotice error={error} />}
        <BegunNotice setup={setup} />
        {step !== 'servers' && <Resumed setup={setup} />}
        <Body />
        <SignInQuestion />
      </div>
      <Foot step={step} setup={setup} waits={waitsFor(setup)} forward={forward(setup)} onTry={props.onTry} />
    </div>
  );
}

/** After the console was closed nothing is known of the servers, and no secret is at hand. */
function Resumed({ setup }: { readonly setup: OpenSetup }) {
  const { draft, view } = setup;
  const isTried = view.reach.some(({ state }) => state !== 'not-tried');
  if (draft.servers.length === 0 || isTried || view.savedMs === null) return null;
  return (
    <Notice kind="waiting" title={`The setup of ${draft.site.name} goes on where it was left`}>
      Its servers were not reached since this console started, and passwords are never kept.{' '}
      <a className={classes.link} href={routeHash({ page: 'setup', step: 'servers' })}>
        Reach them again
      </a>{' '}
      before anything is measured or installed.
    </Notice>
  );
}

function NotOpen() {
  const { setup: store } = useConsole();
  const error = useStore(store, (state) => state.error);
  const nowMs = useNow(500);
  const [sinceMs] = useState(nowMs);
  return (
    <div className={classes.waiting}>
      <h1>Set up a site</h1>
      {error ? (
        <ErrorNotice error={error} />
      ) : (
        <Notice kind="waiting" title={`Waiting for the setup for ${formatSpan(nowMs - sinceMs)}`}>
          The console host reads what was kept of it.
        </Notice>
      )}
      {error && (
        <div>
          <InkButton act="next" onClick={() => store.getState().open()}>
            Begin the setup
          </InkButton>
        </div>
      )}
    </div>
  );
}

function StepList({ current, setup }: { readonly current: SetupStepName; readonly setup: OpenSetup }) {
  const { draft, view, elapsedMs } = setup;
  const saving = useStore(useConsole().setup, (state) => state.saving);
  const now = setupStepNames.indexOf(current);
  const done = setupStepNames.map((step) => passed(setup, step));
  const furthest = done.indexOf(false);
  return (
    <nav className={classes.steps} aria-label="Steps of the setup">
      <h2>Set up a site</h2>
      <ol>
        {setupStepNames.map((step, index) => {
          const reached = index <= now || furthest < 0 || index <= furthest;
          const isDone = done[index] === true && reached;
          const mark = isDone && index !== now ? <Check /> : index + 1;
          const note = isDone ? stepSummary(draft, step) || setupSteps[step].note(setup) : '';
          const words = (
            <>
              <span className={marks.dot} aria-hidden>
                {mark}
              </span>
              <span>
                {setupStepTitles[step]}
                {isDone && index !== now && <span className="visually-hidden"> done</span>}
              </span>
              {note !== '' && <span className={marks.note}>{note}</span>}
            </>
          );
          const style = `${classes.step} ${index === now ? classes.current : ''} ${reached ? classes.reached : ''}`;
          return (
            <li key={step} aria-current={index === now ? 'step' : undefined}>
              {reached && index !== now ? (
                <a className={style} href={routeHash({ page: 'setup', step })}>
                  {words}
                </a>
              ) : (
                <span className={style}>{words}</span>
              )}
            </li>
          );
        })}
      </ol>
      <p className={classes.saved} role="status">
        {saving
          ? 'Keeping your changes…'
          : view.savedMs === null
            ? 'Nothing is kept yet. Nothing is changed on a server before the step Install.'
            : `Saved ${formatSpan(view.savedMs + elapsedMs)} ago. You can leave and come back here.`}
      </p>
      {view.savedMs !== null && view.install.work.state !== 'running' && <BeginAnew />}
    </nav>
  );
}

/** Forgets what was said so far, after a second click. */
function BeginAnew() {
  const { setup: store } = useConsole();
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return (
      <button type="button" className={classes.link} onClick={() => setAsking(true)}>
        Begin anew…
      </button>
    );
  }
  const forget = async () => {
    setAsking(false);
    const forgotten = await store.getState().act({ act: 'discard' });
    if (forgotten) navigate({ page: 'setup', step: 'servers' });
  };
  return (
    <div className={classes.anew} role="group" aria-label="Begin the setup anew">
      <p>What was said here is forgotten. Servers stay as they are.</p>
      <InkButton act="back" onClick={() => setAsking(false)}>
        Keep it
      </InkButton>
      <InkButton onClick={() => void forget()}>Forget it, begin anew</InkButton>
    </div>
  );
}

/** A step behind which one may go on. */
function passed(setup: OpenSetup, step: SetupStepName): boolean {
  return (
    setupGaps(setup.draft, step, setup.view.measured.times).length === 0 &&
    setupSteps[step].waitsFor(setup) === null
  );
}

function Foot(props: {
  readonly step: SetupStepName;
  readonly setup: OpenSetup;
  /** What the servers still have to say; null: nothing. */
  readonly waits: string | null;
  readonly forward: {
    readonly words: string;
    readonly note: ReactNode;
    readonly onForward?: () => void;
  } | null;
  readonly onTry: () => void;
}) {
  const { step, setup, forward } = props;
  const wordsId = useId();
  const gaps = setupGaps(setup.draft, step, setup.view.measured.times);
  const before = stepBefore(step);
  const after = stepAfter(step);
  const first = gaps[0]?.needs ?? props.waits;
  const go = () => {
    if (first !== null && first !== undefined) return props.onTry();
    if (forward?.onForward) return forward.onForward();
    if (after) navigate({ page: 'setup', step: after });
  };
  return (
    <footer className={classes.foot}>
      {before ? (
        <InkButton
          act="back"
          leftSection={<ArrowLeft aria-hidden />}
          onClick={() => navigate({ page: 'setup', step: before })}
        >
          {setupStepTitles[before]}
        </InkButton>
      ) : (
        <InkButton act="back" onClick={() => navigate({ page: 'overview' })}>
          Leave, and go on later
        </InkButton>
      )}
      <span id={wordsId} className={classes.footWords} role="status">
        {first ? (
          <>
            <b>Not yet:</b> {more(first, gaps.length)}
          </>
        ) : (
          forward?.note
        )}
      </span>
      {forward && (
        <InkButton
          act="next"
          aria-describedby={wordsId}
          {...(first ? { 'aria-disabled': true, 'data-disabled': true } : {})}
          rightSection={<ArrowRight aria-hidden />}
          onClick={go}
        >
          {forward.words}
        </InkButton>
      )}
    </footer>
  );
}

function more(first: string, count: number): string {
  return count > 1 ? `${first} And ${count - 1} more.` : first;
}
