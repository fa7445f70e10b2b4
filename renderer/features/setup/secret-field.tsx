import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { SecretKind } from '../../../shared/setup/setup-view.ts';
import { useSetup } from './use-setup.ts';

/** A secret: it goes to the console's memory and is never shown again. */
export function Secret(props: {
  /** Whose it is: a server or a jump host; null: it belongs to no single one. */
  readonly server: { readonly id: string } | null;
  readonly kind: SecretKind;
  readonly label: string;
}) {
  const { view, act } = useSetup();
  const id = props.server?.id ?? '';
  const kept = props.server
    ? view.reach.find(({ server }) => server === id)?.has.includes(props.kind)
    : view.sharedSecrets.includes(props.kind);
  const [typed, setTyped] = useState('');
  const give = () => {
    if (typed === '') return;
    void act({ act: 'secret', server: id, kind: props.kind, value: typed }).then((given) => {
      if (given) setTyped('');
    });
  };
  return (
    <PasswordInput
      label={props.label}
      value={typed}
      placeholder={kept ? 'given, not shown again' : ''}
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
