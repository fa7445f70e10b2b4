import { TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { behaviourChanges, type SiteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import type { PlanView } from '../../../shared/behaviour/plan-view.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './behaviour.module.css';

export interface AcceptanceProps {
  readonly view: PlanView;
  readonly behaviour: SiteBehaviour;
}

/** Who has accepted this behaviour, and what has changed since. */
export function Acceptance({ view: { acceptance }, behaviour }: AcceptanceProps) {
  if (acceptance === null) return null;
  const changes = behaviourChanges(acceptance.basis, behaviour);
  const said = `by ${acceptance.owner} on ${formatWallTime(acceptance.at)}, written down by ${acceptance.by}`;
  if (changes.length === 0) {
    return (
      <Notice kind="done" title={`Accepted ${said}`}>
        {acceptance.note === '' ? 'The settings are still those that were accepted.' : acceptance.note}
      </Notice>
    );
  }
  return (
    <Notice kind="warn" title="The settings have changed since this was accepted">
      <p>It was accepted {said}.</p>
      <ul>
        {changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** Keeps that the owner accepts it; not there while what was accepted still holds. */
export function AcceptForm({ view: { of, acceptance }, behaviour }: AcceptanceProps) {
  const { plan } = useConsole();
  const role = useSnapshot()?.me.role ?? 'viewer';
  const { connected } = useConnection();
  const [owner, setOwner] = useState('');
  const [note, setNote] = useState('');
  const refusal =
    of === 'site' && role !== 'admin'
      ? 'only an administrator may write it down.'
      : !connected
        ? 'the console’s own program does not answer.'
        : owner.trim() === ''
          ? 'the owner’s name is needed.'
          : null;
  if (acceptance !== null && behaviourChanges(acceptance.basis, behaviour).length === 0) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (refusal === null) void plan.getState().accept(of, owner, note);
  };
  return (
    <Card title="Accept this behaviour" note="the owner of the site has read what happens at each fault">
      <form className={classes.accept} onSubmit={submit}>
        <TextInput
          label="Owner"
          value={owner}
          maxLength={200}
          autoComplete="off"
          onChange={({ currentTarget }) => setOwner(currentTarget.value)}
        />
        <TextInput
          label="Note"
          value={note}
          maxLength={500}
          autoComplete="off"
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        <div className={classes.buttons}>
          <InkButton act="next" type="submit" refusal={refusal}>
            Accept as it is now
          </InkButton>
        </div>
      </form>
    </Card>
  );
}
