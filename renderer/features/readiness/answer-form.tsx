import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { PersonAnswer } from '../../../shared/readiness/kept-readiness.ts';
import { useConsole, useSnapshot } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './readiness.module.css';

export interface About {
  readonly check: string;
  readonly subject: string;
}

/** What a person says of a check that no program can see. */
export function AnswerForm(props: {
  readonly about: About;
  readonly answer: PersonAnswer | null;
  readonly onDone: () => void;
}) {
  const { readiness } = useConsole();
  const me = useSnapshot()?.me.name ?? '';
  const [met, setMet] = useState<PersonAnswer['met']>(props.answer?.met ?? 'yes');
  const [owner, setOwner] = useState(props.answer?.owner ?? me);
  const [note, setNote] = useState(props.answer?.note ?? '');
  const [expires, setExpires] = useState('');
  const [attachment, setAttachment] = useState(props.answer?.attachment ?? '');
  const refusal = owner.trim() === '' ? 'somebody has to stand for the answer' : null;
  const keep = async () => {
    const said = { met, owner: owner.trim(), note, expires: expires || null, attachment };
    if (await readiness.getState().act({ act: 'answer', ...props.about, ...said })) props.onDone();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (refusal === null) void keep();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <NativeSelect
        label="Is it so?"
        size="xs"
        data-autofocus
        data={[
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No, it is open' },
          { value: 'not-applicable', label: 'It does not apply here' },
        ]}
        value={met}
        onChange={({ currentTarget }) => setMet(currentTarget.value as PersonAnswer['met'])}
      />
      <TextInput
        label="Who stands for it"
        size="xs"
        maxLength={300}
        value={owner}
        onChange={({ currentTarget }) => setOwner(currentTarget.value)}
      />
      <TextInput
        label="Counts until"
        description="Empty: as long as this check says"
        type="date"
        size="xs"
        value={expires}
        onChange={({ currentTarget }) => setExpires(currentTarget.value)}
      />
      <TextInput
        label="Where a proof is kept"
        description="A path, an address or a number; the file itself stays there"
        size="xs"
        maxLength={2_000}
        value={attachment}
        onChange={({ currentTarget }) => setAttachment(currentTarget.value)}
      />
      <Textarea
        className={classes.wide ?? ''}
        label="Note"
        size="xs"
        autosize
        maxLength={2_000}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <div className={classes.formFoot}>
        <InkButton act="back" onClick={props.onDone}>
          Cancel
        </InkButton>
        <InkButton act="next" type="submit" refusal={refusal}>
          Keep the answer
        </InkButton>
      </div>
    </form>
  );
}
