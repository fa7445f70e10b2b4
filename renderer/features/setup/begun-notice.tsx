import { navigate, routeHash } from '../../app/route.ts';
import { setupStepTitles, stepToGoOnAt } from '../../../shared/setup/steps.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './setup.module.css';
import type { OpenSetup } from './use-setup.ts';

/** A first installation that an earlier session has begun and not ended: on or back, and what lies where. */
export function BegunNotice({ setup }: { readonly setup: OpenSetup }) {
  const { draft, view } = setup;
  const { begun, install, removal } = view;
  if (begun === null || install.work.state !== 'never' || removal.work.state === 'running') return null;
  const next = stepToGoOnAt(view);
  return (
    <Notice
      kind="danger"
      title={`A first installation of ${draft.site.name} was begun${begun.at === null ? '' : `, and stopped at ${formatWallTime(begun.at)}`}`}
    >
      <p>By the record of this workstation. What is there is looked at again before anything is done.</p>
      <ul className={classes.lines} aria-label="What lies on which server">
        {begun.servers.map(({ server, name, placed, stoppedAt }) => (
          <li key={server}>
            <details>
              <summary>
                <b>{name}</b> {changesMade(placed.length)}
                {stoppedAt !== null && `; it stopped at: ${stoppedAt}`}
              </summary>
              <ul className={classes.lines}>
                {placed.map((line) => (
                  <li key={line} className="mono">
                    {line}
                  </li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
      <span className={classes.buttons}>
        <InkButton act="next" onClick={() => navigate({ page: 'setup', step: next })}>
          Go on at {setupStepTitles[next]}
        </InkButton>
        <a className={classes.link} href={routeHash({ page: 'setup', step: 'install' })}>
          Take everything off again, or one server back
        </a>
      </span>
    </Notice>
  );
}

function changesMade(count: number): string {
  if (count === 0) return 'nothing was changed';
  return count === 1 ? 'one change was made' : `${count} changes were made`;
}
