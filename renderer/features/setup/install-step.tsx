import { useState } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { siteServerIds } from '../../../shared/setup/site-from-draft.ts';
import type { InstallStep as Step, LeavingWord } from '../../../shared/setup/setup-view.ts';
import { routeHash } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { LeavingWords, LostServers } from './leaving-words.tsx';
import { isPlanned } from './plan-state.ts';
import { RollBack } from './roll-back.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

type EngineWord = 'keep' | 'stop';

/** The installation, step by step on every server at once; and the way back. */
export function InstallStep() {
  const { draft, view, act, elapsedMs } = useSetup();
  const { work, steps } = view.install;
  const { removal } = view;
  // Said again after this page was left: nobody's engine is stopped or let run by what was said earlier.
  const [engines, setEngines] = useState<EngineWord | null>(null);
  // As in the setup, whoever is heard of first; what concerns the whole site comes last.
  const servers = [...siteServerIds(draft).values(), 'site'].filter((id) =>
    steps.some(({ server }) => server === id),
  );
  const running = work.state === 'running';
  const planned = isPlanned(view);
  const install = (word: LeavingWord = {}) =>
    void act({ act: 'install', revision: view.draft.revision, ...word });
  return (
    <>
      {running && (
        <Notice kind="waiting" title={`Installing for ${formatSpan(work.sinceMs + elapsedMs)}`}>
          {work.awaits === '' ? 'The next step begins.' : `${work.awaits}.`} It usually takes about a minute.
          You can leave this page; it goes on.
        </Notice>
      )}
      {work.errors.map((error) => (
        <ErrorNotice key={`${error.code} ${error.message}`} error={error} />
      ))}
      <LeavingWords errors={work.errors} onSaid={install} />
      {work.state === 'done' && (
        <Notice kind="done" title={`Done in ${steps.length} steps`}>
          {draft.observe
            ? 'Every agent answers over mutual TLS and only observes. Nothing is protected before the site is armed.'
            : 'Every cluster has exactly one Active, and every agent answers over mutual TLS.'}
        </Notice>
      )}
      <div className={classes.servers}>
        {servers.map((server) => (
          <ServerSteps key={server} server={server} steps={steps.filter((step) => step.server === server)} />
        ))}
      </div>
      {!running && !planned && removal.work.state !== 'running' && (
        <Notice kind="waiting" title="There is no plan of the setup as it is now">
          The step{' '}
          <a className={classes.link} href={routeHash({ page: 'setup', step: 'review' })}>
            Review
          </a>{' '}
          shows what would be changed, and installs it.
        </Notice>
      )}
      {!running && (
        <div className={classes.buttons}>
          {planned && (
            <InkButton idle={removal.work.state === 'running'} onClick={() => install()}>
              {work.state === 'never' ? 'Install on all servers' : 'Run it again'}
            </InkButton>
          )}
          {(work.state !== 'never' || view.begun !== null) && <Remove onSaid={setEngines} />}
        </div>
      )}
      {removal.work.state === 'running' && (
        <Notice
          kind="waiting"
          title={`Taking everything off for ${formatSpan(removal.work.sinceMs + elapsedMs)}`}
        >
          {removal.work.awaits}
        </Notice>
      )}
      {removal.work.errors.map((error) => (
        <ErrorNotice key={`${error.code} ${error.message}`} error={error} />
      ))}
      {engines !== null && (
        <LostServers
          title="A server that everything is to be taken off from cannot be reached"
          errors={removal.work.errors.filter(({ code }) => code === 'install.leaver-silent')}
          onSaid={(gone) => void act({ act: 'remove', engines, gone })}
        />
      )}
      {!running && <RollBack idle={removal.work.state === 'running'} />}
      {removal.work.state === 'done' && (
        <Card title="Taken off" note={`${removal.removed.length} files and folders`}>
          <ul className={classes.lines}>
            {removal.removed.map((line) => (
              <li key={line} className="mono">
                {line}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function ServerSteps({ server, steps }: { readonly server: string; readonly steps: readonly Step[] }) {
  const done = steps.filter(({ state }) => state === 'ok');
  const changed = done.filter((step) => step.changed).length;
  const open = steps.filter(({ state }) => state !== 'ok');
  return (
    <Card
      title={server === 'site' ? 'The site as a whole' : server}
      note={`${done.length} ${done.length === 1 ? 'step' : 'steps'} done, ${changed} ${changed === 1 ? 'change' : 'changes'}`}
    >
      <ul
        className={`${classes.steps2} ${classes.scrolledSteps}`}
        tabIndex={0}
        aria-label={`Steps on ${server}`}
      >
        {[...open, ...done.toReversed()].map((step) => (
          <li key={step.title}>
            <StateIcon state={step.state === 'ok' ? 'ok' : step.state === 'failed' ? 'danger' : 'waiting'} />
            <span className={step.state === 'ok' ? 'ink2' : ''}>{step.title}</span>
            <span className="small ink3 num">
              {step.state === 'started'
                ? 'now'
                : `${step.changed ? '' : 'unchanged, '}${formatSpan(step.tookMs)}`}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Takes everything off again: what happens to running engines has to be said. */
function Remove({ onSaid }: { readonly onSaid: (engines: EngineWord) => void }) {
  const { act } = useSetup();
  const begin = (engines: EngineWord) => {
    onSaid(engines);
    void act({ act: 'remove', engines });
  };
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return (
      <InkButton act="back" onClick={() => setAsking(true)}>
        Take everything off the servers…
      </InkButton>
    );
  }
  return (
    <Notice kind="danger" title="Without agents nothing fails over any more">
      <p>Agents, guards, gates and every file go. What shall become of engines that run now?</p>
      <span className={classes.buttons}>
        <InkButton act="back" onClick={() => setAsking(false)}>
          Leave everything as it is
        </InkButton>
        <InkButton onClick={() => begin('stop')}>Stop them</InkButton>
        <InkButton act="danger" onClick={() => begin('keep')}>
          Let them run without protection
        </InkButton>
      </span>
    </Notice>
  );
}
