import { formatSpan } from '../../../shared/fleet/age.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import type { InstallStep } from '../../../shared/setup/setup-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './servers.module.css';
import { workWords } from './work-words.ts';

/** What goes on, or how it ended: awaited, errors, outcome, and every step on every server. */
export function WorkProgress({
  view,
  elapsedMs,
}: {
  readonly view: ServersView;
  readonly elapsedMs: number;
}) {
  const { servers } = useConsole();
  const { kind, work, steps, lines } = view;
  if (kind === null) return null;
  const words = { ...workWords[kind], ...(view.plan && workWords[kind].plan) };
  const places = [...new Set(steps.map(({ server }) => server))];
  return (
    <>
      {work.state === 'running' && (
        <Notice kind="waiting" title={`${words.doing} for ${formatSpan(work.sinceMs + elapsedMs)}`}>
          {work.awaits === '' ? 'The next step begins.' : `${work.awaits}.`} You can leave this page; it goes
          on.{' '}
          {kind === 'bundle' && (
            <InkButton onClick={() => void servers.getState().act({ act: 'stop' })}>Call it off</InkButton>
          )}
        </Notice>
      )}
      {work.state === 'stopped' && <Notice kind="warn" title={`${words.title}: called off`} />}
      {work.errors.map((error) => (
        <ErrorNotice key={`${error.code} ${error.message}`} error={error} />
      ))}
      {work.errors.some(
        ({ code }) => code === 'site.newer' || (kind === 'remove' && code === 'install.leaving'),
      ) && <SeeWhatIsCarried />}
      {work.state === 'done' && (
        <Card title={words.done} note={`${formatSpan(work.sinceMs + elapsedMs)} ago`}>
          <ul className={classes.lines} tabIndex={0} aria-label={`Outcome of ${words.title.toLowerCase()}`}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Card>
      )}
      {places.length > 0 && (
        <div className={classes.steps}>
          {places.map((server) => (
            <ServerSteps
              key={server}
              server={server}
              steps={steps.filter((step) => step.server === server)}
            />
          ))}
        </div>
      )}
    </>
  );
}

/** Somebody else has installed another site document: it is looked at first, and taken over on “Servers”. */
function SeeWhatIsCarried() {
  const { servers } = useConsole();
  const look = () => {
    void servers.getState().act({ act: 'pull', plan: true });
    navigate({ page: 'servers' });
  };
  return (
    <div className={classes.foot}>
      <InkButton onClick={look}>Look what the servers carry</InkButton>
    </div>
  );
}

function ServerSteps({ server, steps }: { readonly server: string; readonly steps: readonly InstallStep[] }) {
  const done = steps.filter(({ state }) => state === 'ok');
  const open = steps.filter(({ state }) => state !== 'ok');
  return (
    <Card title={server} note={`${done.length} of ${steps.length} steps`}>
      <ul className={classes.list} tabIndex={0} aria-label={`Steps on ${server}`}>
        {[...open, ...done.toReversed()].map((step) => (
          <li key={step.title}>
            <StateIcon state={step.state === 'ok' ? 'ok' : step.state === 'failed' ? 'danger' : 'waiting'} />
            <span className={step.state === 'ok' ? 'ink2' : ''}>{step.title}</span>
            <span className="small ink3 num">
              {step.state === 'started' ? 'now' : formatSpan(step.tookMs)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
