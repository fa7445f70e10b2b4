import { TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import type { About } from './answer-form.tsx';
import classes from './readiness.module.css';

/** Puts an open check aside for a while: it stays not met, and is not asked about until then. */
export function SnoozeForm({ about, onDone }: { readonly about: About; readonly onDone: () => void }) {
  const { readiness } = useConsole();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const refusal = reason.trim() === '' ? 'a reason is needed' : until === '' ? 'an end is needed' : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== null) return;
    void readiness
      .getState()
      .act({ act: 'snooze', ...about, reason: reason.trim(), until })
      .then((kept) => kept && onDone());
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label="Why it can wait"
        size="xs"
        maxLength={300}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <TextInput
        label="Until"
        type="date"
        size="xs"
        value={until}
        onChange={({ currentTarget }) => setUntil(currentTarget.value)}
      />
      <div className={classes.formFoot}>
        <InkButton act="back" onClick={onDone}>
          Cancel
        </InkButton>
        <InkButton act="next" type="submit" refusal={refusal}>
          Put aside
        </InkButton>
      </div>
    </form>
  );
}
