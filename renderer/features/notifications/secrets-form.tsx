import { PasswordInput, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { TargetSecrets, type SecretName } from '../../../shared/notifications/policy.ts';
import type { TargetSight } from '../../../shared/fleet/notification-sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './notifications.module.css';
import { secretsOfKind } from './target-words.ts';

const labels: Record<SecretName, string> = {
  signingSecret: 'Signing secret, 16 characters at least',
  bearerToken: 'Token, sent as Authorization: Bearer',
  password: 'Password of the user',
  authorityPem: 'Authority of its certificate, as PEM',
};

const wrong: Record<SecretName, string> = {
  signingSecret: 'the signing secret has 16 characters at least',
  bearerToken: 'the token has no spaces and ASCII characters only',
  password: 'the password is too long',
  authorityPem: 'the authority is too long',
};

/** What keeps these secrets from being given, as the end of "Not now: …"; null: nothing. Pure. */
export function secretsLack(typed: Partial<Record<SecretName, string>>): string | null {
  const parsed = TargetSecrets.safeParse(givenSecrets(typed));
  if (parsed.success) return null;
  const field = parsed.error.issues[0]?.path[0] as SecretName | undefined;
  return field === undefined ? 'a secret does not fit' : wrong[field];
}

function givenSecrets(typed: Partial<Record<SecretName, string>>): TargetSecrets {
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));
}

/** Secrets of one target for every agent, in place of those that they had of it. They are never shown again. */
export function SecretsForm({
  target,
  onLeave,
}: {
  readonly target: TargetSight;
  readonly onLeave: () => void;
}) {
  const { notifications } = useConsole();
  const [typed, setTyped] = useState<Partial<Record<SecretName, string>>>({});
  const [giving, setGiving] = useState(false);
  const lack = secretsLack(typed);
  const give = (event: FormEvent) => {
    event.preventDefault();
    if (lack !== null || giving) return;
    setGiving(true);
    const order = { act: 'secrets' as const, target: target.id, secrets: givenSecrets(typed) };
    void notifications
      .getState()
      .act(order)
      .then((taken) => {
        setGiving(false);
        if (taken) onLeave();
      });
  };
  return (
    <form className={classes.form} onSubmit={give}>
      <p className="ink2">
        Every agent gets them over its own mutual TLS and keeps them in a file that root alone reads. They
        take the place of all that it had of this target; a field left empty takes that secret away.
      </p>
      <div className={classes.fields}>
        {secretsOfKind[target.kind].map((name) =>
          name === 'authorityPem' ? (
            <Textarea
              key={name}
              label={labels[name]}
              placeholder="-----BEGIN CERTIFICATE-----"
              value={typed[name] ?? ''}
              autosize
              minRows={1}
              maxRows={6}
              spellCheck={false}
              onChange={({ currentTarget: { value } }) => setTyped({ ...typed, [name]: value })}
            />
          ) : (
            <PasswordInput
              key={name}
              label={labels[name]}
              value={typed[name] ?? ''}
              autoComplete="off"
              onChange={({ currentTarget: { value } }) => setTyped({ ...typed, [name]: value })}
            />
          ),
        )}
      </div>
      <div className={classes.foot}>
        <InkButton act="back" onClick={onLeave}>
          Give none
        </InkButton>
        <InkButton act="next" type="submit" refusal={lack} loading={giving}>
          Give them to every agent
        </InkButton>
      </div>
    </form>
  );
}
