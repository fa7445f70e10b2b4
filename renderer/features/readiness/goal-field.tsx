import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useConsole, useSnapshot } from '../../app/console-context.tsx';
import classes from './readiness.module.css';

/** How long a cluster may be without an Active, as this site wants it. */
export function GoalField({ goalSeconds }: { readonly goalSeconds: number | null }) {
  const { readiness } = useConsole();
  const isViewer = useSnapshot()?.me.role === 'viewer';
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed ?? (goalSeconds === null ? '' : String(goalSeconds));
  const seconds = value.trim() === '' ? null : Number(value);
  const wrong = seconds !== null && !(Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400);
  const keep = async () => {
    if (typed === null || wrong || seconds === goalSeconds) return;
    if (await readiness.getState().act({ act: 'goal', seconds })) setTyped(null);
  };
  return (
    <label className={classes.goal}>
      Goal for a recovery
      <TextInput
        size="xs"
        className={classes.goalInput ?? ''}
        inputMode="numeric"
        placeholder="none"
        readOnly={isViewer}
        aria-label="Goal for a recovery, in seconds"
        error={wrong}
        value={value}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={() => void keep()}
        onKeyDown={({ key }) => key === 'Enter' && void keep()}
      />
      s
    </label>
  );
}
