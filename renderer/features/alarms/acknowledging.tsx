import { TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { acknowledgementOf, type AlarmSight } from '../../../shared/fleet/alarms.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { ProblemPlace } from '../../../shared/fleet/problem.ts';
import type { RunbookId } from '../../../shared/help/runbook.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { routeHash } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './acknowledging.module.css';
import { useAcknowledge } from './use-acknowledge.ts';

/** What can be read and said of a problem: its run-book, who knows of it, and that you do. */
export function Acknowledging(props: {
  readonly alarms: readonly AlarmSight[];
  readonly runbook: RunbookId;
  /** A page where something is done about it; null: there is none. */
  readonly leadsTo?: ProblemPlace | null;
}) {
  const { alarms, runbook, leadsTo = null } = props;
  const role = useSnapshot()?.me.role ?? 'viewer';
  const [asking, setAsking] = useState(false);
  const { send, sending, error } = useAcknowledge();
  const open = alarms.filter(({ acknowledged, canBe }) => acknowledged === null && canBe);
  const known = acknowledgementOf(alarms);
  const may = role !== 'viewer';
  return (
    <div className={classes.acknowledging}>
      {known && <Known known={known} />}
      <div className={classes.acts}>
        <a href={routeHash({ page: 'help', topic: runbook })}>What to do</a>
        {leadsTo && <a href={routeHash(leadsTo)}>{placeWords[leadsTo.page]}</a>}
        {may && open.length > 0 && !asking && (
          <button type="button" className={classes.plain} onClick={() => setAsking(true)}>
            Acknowledge…
          </button>
        )}
        {may && known && (
          <button type="button" className={classes.plain} onClick={() => void send(alarms, null)}>
            Take it back
          </button>
        )}
      </div>
      {error && <ErrorNotice error={error} />}
      {asking && open.length > 0 && (
        <Asking
          sending={sending}
          onLeave={() => setAsking(false)}
          onSay={(comment) =>
            void send(open, comment).then((taken) => {
              if (taken) setAsking(false);
            })
          }
        />
      )}
    </div>
  );
}

const placeWords: Readonly<Record<ProblemPlace['page'], string>> = {
  drills: 'Plan it',
  verification: 'Show the proof',
};

function Known({ known }: { readonly known: NonNullable<AlarmSight['acknowledged']> }) {
  const { by, at, agoMs, comment } = known;
  const when = agoMs === null ? formatWallTime(at) : `${formatSpan(agoMs)} ago`;
  return (
    <p className={classes.known}>
      <b>Known to {by}</b>, <span className="num">{when}</span>: {comment}
    </p>
  );
}

/** In a short list the button would lie below its edge. */
function showWhole(form: HTMLFormElement | null): void {
  form?.scrollIntoView({ block: 'nearest' });
}

/** A comment is asked for: whoever looks next shall see what is done about it. */
function Asking(props: {
  readonly sending: boolean;
  readonly onLeave: () => void;
  readonly onSay: (comment: string) => void;
}) {
  const { sending, onLeave, onSay } = props;
  const { connected } = useConnection();
  const { newKey } = useConsole();
  const [comment, setComment] = useState('');
  const [id] = useState(newKey);
  const refusal = !connected
    ? 'the console’s own program does not answer'
    : comment.trim() === ''
      ? 'say what is done about it'
      : null;
  const say = (event: FormEvent) => {
    event.preventDefault();
    if (refusal === null && !sending) onSay(comment.trim());
  };
  return (
    <form className={classes.asking} onSubmit={say} ref={showWhole}>
      <TextInput
        id={id}
        label="Comment"
        description="Nobody is told again until it changes. It stays in this list."
        value={comment}
        maxLength={500}
        autoComplete="off"
        onChange={({ currentTarget }) => setComment(currentTarget.value)}
      />
      <div className={classes.acts}>
        <InkButton act="back" onClick={onLeave}>
          Not yet
        </InkButton>
        <InkButton type="submit" refusal={refusal} loading={sending}>
          Acknowledge
        </InkButton>
      </div>
    </form>
  );
}
