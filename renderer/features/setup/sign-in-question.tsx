import { Modal, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { SignInQuestion as Question } from '../../../shared/setup/setup-view.ts';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** What a server asks while the console signs in, such as a second factor: the oldest question first. */
export function SignInQuestion() {
  const { view } = useSetup();
  const [first] = view.questions;
  return first ? <Asked key={first.id} question={first} /> : null;
}

function Asked({ question }: { readonly question: Question }) {
  const { act, elapsedMs } = useSetup();
  const { id, server, user, instructions, prompts, sinceMs, withinMs } = question;
  const [answers, setAnswers] = useState<readonly string[]>(() => prompts.map(() => ''));
  const put = (place: number, text: string) => setAnswers((now) => now.with(place, text));
  const give = (given: readonly string[] | null) =>
    void act({ act: 'answer', question: id, answers: given === null ? null : [...given] });
  const left = Math.max(0, withinMs - sinceMs - elapsedMs);
  return (
    <Modal
      opened
      centered
      // Its lock of the page's scroll bar writes a style of its own, which the page's policy forbids.
      lockScroll={false}
      title={`${server} asks ${user}`}
      closeButtonProps={{ 'aria-label': 'Do not answer' }}
      onClose={() => give(null)}
    >
      <form
        className={classes.question}
        onSubmit={(event) => {
          event.preventDefault();
          give(answers);
        }}
      >
        {instructions !== '' && <p>{instructions}</p>}
        {prompts.map(({ text, hidden }, place) => {
          const Input = hidden ? PasswordInput : TextInput;
          return (
            <Input
              key={place}
              label={text || 'Answer'}
              value={answers[place] ?? ''}
              autoComplete="off"
              maxLength={1_000}
              data-autofocus={place === 0 || undefined}
              onChange={(event) => put(place, event.currentTarget.value)}
            />
          );
        })}
        <p className="small ink2">
          These are the server’s own words. The answer is sent there once and not kept; the server waits for
          another {formatSpan(left)}.
        </p>
        <div className={classes.buttons}>
          <InkButton act="back" onClick={() => give(null)}>
            Do not answer
          </InkButton>
          <InkButton act="next" type="submit">
            Send the answer
          </InkButton>
        </div>
      </form>
    </Modal>
  );
}
