import { SegmentedControl } from '@mantine/core';
import type { SshLogin } from '../../../shared/setup/draft.ts';
import { Field } from './fields.tsx';
import { Secret } from './secret-field.tsx';
import classes from './setup.module.css';

/** How somebody signs in to a server or a jump host, with the secret that it needs. */
export function SignInFields(props: {
  readonly place: { readonly id: string; readonly name: string };
  /** Path of its SSH part, as the gaps name it. */
  readonly field: string;
  readonly login: SshLogin;
  readonly onLogin: (login: SshLogin) => void;
}) {
  const { place, field, login, onLogin } = props;
  return (
    <>
      <div>
        <div className={classes.label}>Login by</div>
        <SegmentedControl
          aria-label={`Login on ${place.name}`}
          size="xs"
          value={login.kind}
          onChange={(kind) => onLogin(loginOf(kind))}
          data={[
            { value: 'password', label: 'Password' },
            { value: 'key', label: 'Key file' },
            { value: 'ssh-agent', label: 'SSH agent' },
          ]}
        />
      </div>
      {login.kind === 'password' && <Secret server={place} kind="password" label="Password" />}
      {login.kind === 'key' && (
        <>
          <Field
            field={`${field}.login.file`}
            label="Private key on this workstation"
            placeholder="/home/me/.ssh/id_ed25519"
            value={login.file}
            onValue={(file) => onLogin({ kind: 'key', file })}
          />
          <Secret server={place} kind="passphrase" label="Its passphrase, if it has one" />
        </>
      )}
    </>
  );
}

function loginOf(kind: string): SshLogin {
  if (kind === 'key') return { kind: 'key', file: '' };
  return kind === 'ssh-agent' ? { kind: 'ssh-agent' } : { kind: 'password' };
}
