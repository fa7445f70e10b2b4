import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import type { SecretKind } from '../../../shared/setup/setup-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import classes from './servers.module.css';

const words: Record<SecretKind, string> = {
  password: 'Password',
  passphrase: 'Passphrase of the key, if it has one',
  'sudo-password': 'Password for sudo',
  'engine-password': 'Password of the engines’ API',
  'etcd-password': 'Password of the etcd’s user',
};

/** What has to be typed before the servers can be signed in to; kept in the console's memory only. */
export function SecretFields(props: {
  readonly view: ServersView;
  readonly names: ReadonlyMap<string, string>;
  readonly withEngine: boolean;
}) {
  const { view, names, withEngine } = props;
  const asked = view.access.flatMap(({ server, user, needs, may, has }) =>
    [...needs, ...may].map((kind) => ({ server, user, kind, isKept: has.includes(kind) })),
  );
  const engine = { server: '', user: '', kind: 'engine-password', isKept: view.hasEnginePassword } as const;
  const fields = [...asked, ...(withEngine ? [engine] : [])];
  if (fields.length === 0) return null;
  return (
    <div className={classes.fields}>
      {fields.map((field) => (
        <SecretField
          key={`${field.server} ${field.kind}`}
          {...field}
          label={
            field.server === ''
              ? words[field.kind]
              : `${words[field.kind]}: ${field.user} on ${names.get(field.server) ?? field.server}`
          }
        />
      ))}
    </div>
  );
}

function SecretField(props: {
  readonly server: string;
  readonly kind: SecretKind;
  readonly isKept: boolean;
  readonly label: string;
}) {
  const { servers } = useConsole();
  const [typed, setTyped] = useState('');
  const { server, kind, isKept } = props;
  return (
    <PasswordInput
      label={props.label}
      value={typed}
      autoComplete="off"
      placeholder={isKept ? 'kept until this console ends' : ''}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (typed === '') return;
        void servers.getState().act({ act: 'secret', server, kind, value: typed });
        setTyped('');
      }}
    />
  );
}

/** Why the servers cannot be signed in to yet, as the end of "Not now: …"; null: they can be tried. Pure. */
export function secretRefusal(
  { access, hasEnginePassword }: ServersView,
  names: ReadonlyMap<string, string>,
  withEngine: boolean,
): string | null {
  const lacking = access.find(({ needs, has }) => needs.some((kind) => !has.includes(kind)));
  if (lacking) return `a password for ${names.get(lacking.server) ?? lacking.server} is needed`;
  return withEngine && !hasEnginePassword ? 'the password of the engines’ API is needed' : null;
}
