import { useState } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { siteServerIds } from '../../../shared/setup/site-from-draft.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** One server as it was before the last work on it: looked at first, and done only as it was shown. */
export function RollBack({ idle }: { readonly idle: boolean }) {
  const { draft, view, act, elapsedMs } = useSetup();
  const { server, plan, work } = view.rollback;
  const names = [...siteServerIds(draft).values()];
  const busy = idle || plan.state === 'running' || work.state === 'running';
  return (
    <Card
      title="Put one server back"
      note="as it was before the last installation or upgrade that changed it"
    >
      <p className={classes.note}>
        What was put there is taken away, and configuration and program of before are restored from what the
        server has kept. The other servers stay as they are. A server that is Active is refused.
      </p>
      <ul className={classes.lines}>
        {names.map((name) => (
          <li key={name}>
            <span className="mono">{name}</span>{' '}
            <button
              type="button"
              className={classes.link}
              disabled={busy}
              aria-label={`Look what a roll back of ${name} would change`}
              onClick={() => void act({ act: 'plan-rollback', server: name })}
            >
              What would be changed?
            </button>
          </li>
        ))}
      </ul>
      {[plan, work].map(
        (one, index) =>
          one.state === 'running' && (
            <Notice
              key={index === 0 ? 'plan' : 'work'}
              kind="waiting"
              title={`${index === 0 ? 'Looking at' : 'Putting back'} ${server} for ${formatSpan(one.sinceMs + elapsedMs)}`}
            >
              {one.awaits}
            </Notice>
          ),
      )}
      {[...plan.errors, ...work.errors].map((error) => (
        <ErrorNotice key={`${error.code} ${error.message}`} error={error} />
      ))}
      {plan.state === 'done' && server !== null && <Planned key={server} server={server} idle={busy} />}
      {work.state === 'done' && (
        <Notice kind="done" title={`${server} is as it was before`}>
          <Lines />
        </Notice>
      )}
    </Card>
  );
}

/** The plan, and its confirmation by the name of the server. */
function Planned({ server, idle }: { readonly server: string; readonly idle: boolean }) {
  const { act } = useSetup();
  const [typed, setTyped] = useState('');
  return (
    <Notice kind="danger" title={`A roll back of ${server} changes exactly this`}>
      <Lines />
      <label>
        Type <b>{server}</b> to confirm{' '}
        <input value={typed} onChange={({ currentTarget }) => setTyped(currentTarget.value)} />
      </label>
      <span className={classes.buttons}>
        <InkButton
          act="danger"
          idle={idle || typed !== server}
          onClick={() => void act({ act: 'rollback', server })}
        >
          Put {server} back
        </InkButton>
      </span>
    </Notice>
  );
}

function Lines() {
  const { lines } = useSetup().view.rollback;
  return (
    <ul className={classes.lines} aria-label="Changes of the roll back">
      {lines.map((line) => (
        <li key={line} className="mono">
          {line}
        </li>
      ))}
    </ul>
  );
}
