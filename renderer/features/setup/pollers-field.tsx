import { NativeSelect } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { DraftCluster } from '../../../shared/setup/draft.ts';
import { toldComponents, unknownWords, withPoller } from '../../../shared/setup/told-components.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { Field } from './fields.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

interface PollersProps {
  readonly cluster: DraftCluster;
  /** Path of the value, as the gaps name it. */
  readonly field: string;
  readonly onPollers: (pollers: string[]) => void;
}

/** The names of what fetches by itself, as a person types them. */
export function PollersField({ cluster, field, onPollers }: PollersProps) {
  return (
    <Field
      field={field}
      label="Components that fetch by themselves"
      description="Names with commas between; they run on the Active only."
      value={cluster.pollers.join(', ')}
      onValue={(text) => onPollers(text.split(',').map((name) => name.trimStart()))}
    />
  );
}

/** The components that the last preflight has heard of, to be added one by one; nothing is taken over by itself. */
export function ToldPollers({ cluster, onPollers }: Omit<PollersProps, 'field'>) {
  const { draft, view, elapsedMs } = useSetup();
  const [chosen, choose] = useState('');
  const { checks, engines } = view.preflight;
  const told = toldComponents(cluster, engines);
  if (told === null) return null;
  const servers = told.by.map((id) => draft.servers.find((one) => one.id === id)?.name || id).join(', ');
  const heard = `Told on ${servers}, ${formatSpan((checks[0]?.ageMs ?? 0) + elapsedMs)} ago.`;
  const unknown = unknownWords(told);
  const wrong = unknown && `As of then, ${unknown}: a name that is not the engine’s is not recognised.`;
  const [first] = told.offered;
  if (first === undefined)
    return <p className="small ink2">{`${heard} ${wrong ?? 'No other component was told.'}`}</p>;
  const name = told.offered.includes(chosen) ? chosen : first;
  return (
    <div className={classes.row}>
      <NativeSelect
        label="Components that the engine has told"
        description={`${heard} Choose those that fetch by themselves.`}
        error={wrong}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={name}
        data={[...told.offered]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <div className={classes.atEnd}>
        <InkButton
          leftSection={<Plus aria-hidden />}
          onClick={() => onPollers(withPoller(cluster.pollers, name))}
        >
          It fetches by itself
        </InkButton>
      </div>
    </div>
  );
}
