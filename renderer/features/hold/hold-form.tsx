import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useEscape } from '../../app/use-escape.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import classes from './hold.module.css';
import { usePolicyChange } from './use-policy-change.ts';

const durations = [
  { value: '15', label: '15 minutes' },
  { value: '30', label: '30 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '480', label: '8 hours' },
  { value: '1440', label: '24 hours' },
];

const kinds = {
  maintenance: {
    words: 'Maintenance',
    act: 'Begin maintenance',
    means:
      'The lease is kept and the guards stay armed, but nobody starts, stops or moves the engine by itself. If the Active fails meanwhile, messages wait at the senders until this ends.',
  },
  'block-failover': {
    words: 'No automatic failover',
    act: 'Block automatic failover',
    means:
      'The Active goes on and restarts its engine if it dies, but the other member does not take over by itself. A planned switchover works.',
  },
} as const;
type Kind = keyof typeof kinds;

/** Asks how a cluster is to be held still, for how long and why. It always ends by itself. */
export function HoldForm({ cluster, onClose }: { readonly cluster: string; readonly onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('maintenance');
  const [minutes, setMinutes] = useState('30');
  const [reason, setReason] = useState('');
  const { change, pending, error } = usePolicyChange(cluster);
  useEscape(onClose);
  const send = async () => {
    if (await change({ verb: kind, minutes: Number(minutes), reason: reason.trim() })) onClose();
  };
  return (
    <form
      className={classes.form}
      aria-label={`Hold ${cluster} still`}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') void send();
      }}
    >
      <div className={classes.fields}>
        <NativeSelect
          label="What"
          data={Object.entries(kinds).map(([value, { words }]) => ({ value, label: words }))}
          value={kind}
          autoFocus
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
        />
        <NativeSelect
          label="For"
          data={durations}
          value={minutes}
          onChange={(event) => setMinutes(event.currentTarget.value)}
        />
        <TextInput
          className={classes.reason ?? ''}
          label="Reason, for the journal"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      <p className={classes.means}>{kinds[kind].means}</p>
      {error && <ErrorNotice error={error} />}
      <div className={classes.acts}>
        <InkButton act="back" onClick={onClose}>
          Cancel
        </InkButton>
        <InkButton
          act="next"
          type="submit"
          idle={pending}
          refusal={reason.trim() === '' ? 'Give a reason; it stands in the journal.' : null}
        >
          {pending ? 'Asking…' : kinds[kind].act}
        </InkButton>
      </div>
    </form>
  );
}
