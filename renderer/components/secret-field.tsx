import { PasswordInput } from '@mantine/core';
import { useState } from 'react';

/** A secret: it goes to the console's memory and is never shown again. */
export function SecretField(props: {
  readonly label: string;
  /** It was given before. */
  readonly isKept: boolean;
  /** Hands it over; answers whether it has arrived. What has not stays in the field. */
  readonly give: (value: string) => Promise<boolean>;
}) {
  const [typed, setTyped] = useState('');
  const give = () => {
    if (typed === '') return;
    void props.give(typed).then((arrived) => {
      if (arrived) setTyped('');
    });
  };
  return (
    <PasswordInput
      label={props.label}
      value={typed}
      placeholder={props.isKept ? 'given, not shown again' : ''}
      autoComplete="off"
      maxLength={1_000}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={give}
      onKeyDown={(event) => {
        if (event.key === 'Enter') give();
      }}
    />
  );
}
