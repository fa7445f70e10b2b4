import { PasswordInput, SegmentedControl, Select } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { DraftServer, SshLogin } from '../../../shared/setup/draft.ts';
import type { SecretKind, ServerReach } from '../../../shared/setup/setup-view.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { Field, PortField } from './fields.tsx';
import classes from './setup.module.css';
import { changeServer, useSetup } from './use-setup.ts';

/** One server: where it is, how the console logs in, and how far it got. */
export function ServerCard({ server, index }: { readonly server: DraftServer; readonly index: number }) {
  const { view, edit, elapsedMs } = useSetup();
  const reach = view.reach.find((candidate) => candidate.server === server.id);
  const at = (field: string) => `servers.${index}.${field}`;
  const change = (part: Partial<DraftServer>) => edit(changeServer(index, (now) => ({ ...now, ...part })));
  const changeSsh = (part: Partial<DraftServer['ssh']>) =>
    edit(changeServer(index, (now) => ({ ...now, ssh: { ...now.ssh, ...part } })));
  return (
    <Card
      title={server.name === '' ? `Server ${index + 1}` : server.name}
      note={server.purpose === 'member' ? 'runs IguanaX' : 'third machine: lease store, load balancer'}
      right={<Reached reach={reach} elapsedMs={elapsedMs} />}
    >
      <div className={classes.form}>
        <div className={classes.row}>
          <Field field={at('name')} label="Name" value={server.name} onValue={(name) => change({ name })} />
          <Field
            field={at('address')}
            label="Address"
            placeholder="10.20.4.11"
            value={server.address}
            // Another address is another server: its key has to be compared anew.
            onValue={(address) =>
              edit(changeServer(index, (now) => ({ ...now, address, ssh: { ...now.ssh, hostKey: null } })))
            }
          />
          <PortField
            field={at('ssh.port')}
            label="SSH port"
            value={server.ssh.port}
            onValue={(port) => changeSsh({ port, hostKey: null })}
          />
          <Field
            field={at('ssh.user')}
            label="User"
            value={server.ssh.user}
            onValue={(user) =>
              changeSsh({
                user,
                sudo:
                  user === 'root' ? 'root' : server.ssh.sudo === 'root' ? 'passwordless' : server.ssh.sudo,
              })
            }
          />
        </div>
        <div className={classes.row}>
          <div>
            <div className={classes.label}>Login by</div>
            <SegmentedControl
              aria-label={`Login on ${server.name}`}
              size="xs"
              value={server.ssh.login.kind}
              onChange={(kind) => changeSsh({ login: loginOf(kind) })}
              data={[
                { value: 'password', label: 'Password' },
                { value: 'key', label: 'Key file' },
                { value: 'ssh-agent', label: 'SSH agent' },
              ]}
            />
          </div>
          {server.ssh.login.kind === 'password' && (
            <Secret server={server} kind="password" label="Password" />
          )}
          {server.ssh.login.kind === 'key' && (
            <>
              <Field
                field={at('ssh.login.file')}
                label="Private key on this workstation"
                placeholder="/home/me/.ssh/id_ed25519"
                value={server.ssh.login.file}
                onValue={(file) => changeSsh({ login: { kind: 'key', file } })}
              />
              <Secret server={server} kind="passphrase" label="Its passphrase, if it has one" />
            </>
          )}
          <Select
            label="Becomes root by"
            value={server.ssh.sudo}
            allowDeselect={false}
            onChange={(sudo) => changeSsh({ sudo: sudo as DraftServer['ssh']['sudo'] })}
            data={[
              { value: 'root', label: 'is root', disabled: server.ssh.user !== 'root' },
              { value: 'passwordless', label: 'sudo without a password' },
              { value: 'password', label: 'sudo with a password' },
            ]}
          />
          {server.ssh.sudo === 'password' && (
            <Secret server={server} kind="sudo-password" label="Password for sudo, if another one" />
          )}
        </div>
        <Ways server={server} reach={reach} />
      </div>
    </Card>
  );
}

/** Reach it, or what stands in the way. */
function Ways({ server, reach }: { readonly server: DraftServer; readonly reach: ServerReach | undefined }) {
  const { act, edit } = useSetup();
  const state = reach?.state ?? 'not-tried';
  return (
    <>
      {state === 'key-to-confirm' && reach?.presented && (
        <IntoView>
          <HostKey server={server} presented={reach.presented} />
        </IntoView>
      )}
      {state === 'refused' && reach?.error && (
        <IntoView>
          <ErrorNotice error={reach.error} />
          {reach.error.code === 'ssh.host-key-changed' && (
            <p className={`${classes.afterError} small ink2`}>
              Its owner has installed it anew? Then take it out here, add it again, and compare the new key.
            </p>
          )}
        </IntoView>
      )}
      <div className={classes.buttons}>
        <InkButton
          act="other"
          idle={state === 'trying'}
          onClick={() => void act({ act: 'reach', server: server.id })}
        >
          {state === 'reached' ? 'Reach it again' : 'Reach it'}
        </InkButton>
        <InkButton
          act="back"
          leftSection={<Trash2 aria-hidden />}
          onClick={() =>
            edit((draft) => ({ ...draft, servers: draft.servers.filter(({ id }) => id !== server.id) }))
          }
        >
          Take it out
        </InkButton>
      </div>
    </>
  );
}

/** What a person has to answer must not appear below the edge of the window. */
function IntoView({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Its result is a promise in newer browsers, which an effect must not return.
    void place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className={classes.intoView}>
      {children}
    </div>
  );
}

/** A key that nobody has confirmed: shown with where it can be compared. */
function HostKey({ server, presented }: { readonly server: DraftServer; readonly presented: string }) {
  const { act } = useSetup();
  const type = presented
    .split(' ')[0]!
    .replace(/^ssh-/, '')
    .replace(/^ecdsa-.*/, 'ecdsa');
  return (
    <Notice kind="warn" title={`Is this the key of ${server.name || server.address}?`}>
      <p className={classes.key}>
        <span className="mono">{presented}</span>
      </p>
      <p>
        On the server itself it is shown by{' '}
        <span className="mono">ssh-keygen -lf /etc/ssh/ssh_host_{type}_key.pub</span>. Whoever gives you
        another machine in its place cannot make this line the same.
      </p>
      <InkButton act="next" onClick={() => void act({ act: 'pin', server: server.id, key: presented })}>
        It is the same: trust this key
      </InkButton>
    </Notice>
  );
}

function Reached(props: { readonly reach: ServerReach | undefined; readonly elapsedMs: number }) {
  const { reach, elapsedMs } = props;
  if (!reach || reach.state === 'not-tried') return <span className="small ink3">not reached yet</span>;
  const since = formatSpan(reach.sinceMs + elapsedMs);
  switch (reach.state) {
    case 'trying':
      return (
        <span className={classes.reachedState}>
          <StateIcon state="waiting" /> waiting for its answer for {since}
        </span>
      );
    case 'key-to-confirm':
      return (
        <span className={classes.reachedState}>
          <StateIcon state="warn" /> its key is to be compared
        </span>
      );
    case 'refused':
      return (
        <span className={classes.reachedState}>
          <StateIcon state="danger" /> not reached, {since} ago
        </span>
      );
    case 'reached':
      return (
        <span className={classes.reachedState}>
          <StateIcon state="ok" /> {reach.system}, key pinned <span className="ink3">{since}</span>
        </span>
      );
  }
}

/** A secret: it goes to the console's memory and is never shown again. */
export function Secret(props: {
  readonly server: DraftServer | null;
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

function loginOf(kind: string): SshLogin {
  if (kind === 'key') return { kind: 'key', file: '' };
  return kind === 'ssh-agent' ? { kind: 'ssh-agent' } : { kind: 'password' };
}
