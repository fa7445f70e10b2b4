import { Select } from '@mantine/core';
import type { DraftServer } from '../../../shared/setup/draft.ts';
import { Card } from '../../components/card.tsx';
import { Field, PortField } from './fields.tsx';
import { Reached, Ways } from './reach-parts.tsx';
import { Secret } from './secret-field.tsx';
import { SignInFields } from './sign-in-fields.tsx';
import classes from './setup.module.css';
import { UnusualWays } from './unusual-ways.tsx';
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
          <SignInFields
            place={server}
            field={at('ssh')}
            login={server.ssh.login}
            onLogin={(login) => changeSsh({ login })}
          />
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
          <Through server={server} index={index} />
          {server.ssh.sudo === 'password' && (
            <Secret server={server} kind="sudo-password" label="Password for sudo, if another one" />
          )}
        </div>
        <UnusualWays server={server} onChange={changeSsh} />
        <Ways
          place={server}
          reach={reach}
          onTakeOut={() =>
            edit((draft) => ({ ...draft, servers: draft.servers.filter(({ id }) => id !== server.id) }))
          }
        />
      </div>
    </Card>
  );
}

/** Over which jump host it is reached, where there is any. */
function Through({ server, index }: { readonly server: DraftServer; readonly index: number }) {
  const { draft, edit, gapOf } = useSetup();
  const { jump } = server.ssh;
  if (draft.jumpHosts.length === 0 && jump === undefined) return null;
  return (
    <Select
      label="Reached"
      value={jump ?? ''}
      allowDeselect={false}
      error={gapOf(`servers.${index}.ssh.jump`)}
      onChange={(chosen) => edit(changeServer(index, (now) => ({ ...now, ssh: withJump(now.ssh, chosen) })))}
      data={[
        { value: '', label: 'straight from here' },
        ...draft.jumpHosts.map(({ id, name }) => ({ value: id, label: `over ${name || id}` })),
      ]}
    />
  );
}

function withJump(ssh: DraftServer['ssh'], chosen: string | null): DraftServer['ssh'] {
  const { jump: _before, ...straight } = ssh;
  return chosen === null || chosen === '' ? straight : { ...straight, jump: chosen };
}
