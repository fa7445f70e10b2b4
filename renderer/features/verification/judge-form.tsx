import { Radio, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import type { CheckedLine } from '../../../shared/verification/verification.ts';
import { useSnapshot } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { useWriting } from './use-writing.ts';
import classes from './verification.module.css';

export interface JudgeFormProps {
  readonly kept: KeptVerification;
  readonly line: CheckedLine;
  readonly onWritten: (kept: KeptVerification) => void;
  readonly onCancel: () => void;
}

/** A person's word on a line that could not be seen whole: kept beside the verdict, which stays. */
export function JudgeForm({ kept, line, onWritten, onCancel }: JudgeFormProps) {
  const me = useSnapshot()?.me.name ?? '';
  const [finding, setFinding] = useState<'in-order' | 'not-in-order' | null>(null);
  const [comment, setComment] = useState('');
  const [name, setName] = useState(me);
  const { write, writing, error } = useWriting('judgeLine', kept, onWritten);
  const refusal = judgeRefusal(finding, comment, name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (refusal === null && finding !== null)
      void write({ line: line.id, finding, name: name.trim(), comment: comment.trim() });
  };
  return (
    <form className={classes.form} onSubmit={submit} aria-label={`Judge ${line.title}`}>
      <Radio.Group
        label="What you found"
        value={finding}
        onChange={(value) => setFinding(value === 'in-order' ? 'in-order' : 'not-in-order')}
      >
        <Radio value="in-order" label="In order" />
        <Radio value="not-in-order" label="Not in order" />
      </Radio.Group>
      <Textarea
        label="How you know"
        autosize
        minRows={2}
        maxLength={1_000}
        value={comment}
        onChange={({ currentTarget }) => setComment(currentTarget.value)}
      />
      <TextInput
        label="Your name"
        maxLength={100}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {error && <ErrorNotice error={error} />}
      <p className="small ink3">{line.verdict.toUpperCase()} stays: a judgement stands beside it.</p>
      <div className={classes.buttons}>
        <InkButton type="submit" refusal={writing ? null : refusal} loading={writing}>
          Keep the judgement
        </InkButton>
        <InkButton act="back" onClick={onCancel}>
          Cancel
        </InkButton>
      </div>
    </form>
  );
}

/** Why it cannot be kept yet, as the end of "Not now: …"; null: it can. */
function judgeRefusal(finding: string | null, comment: string, name: string): string | null {
  if (finding === null) return 'say what you found';
  if (comment.trim() === '') return 'say how you know';
  return name.trim() === '' ? 'write your name' : null;
}
