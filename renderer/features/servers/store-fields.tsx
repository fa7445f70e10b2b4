import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { MoveForm } from '../../../shared/servers/move-form.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import type { DraftServer } from '../../../shared/setup/draft.ts';
import { useConsole } from '../../app/console-context.tsx';
import { SecretField } from '../../components/secret-field.tsx';
import classes from './servers.module.css';

interface StoreProps {
  readonly view: ServersView;
  readonly site: SiteSight;
  readonly form: MoveForm;
  readonly onChange: (form: MoveForm) => void;
}

/** Where the next lease store is: a server of the site, another machine, or an etcd that the site has. */
export function StoreFields(props: StoreProps) {
  const { form, onChange } = props;
  const change = (part: Partial<MoveForm>) => onChange({ ...form, ...part });
  return (
    <>
      <SegmentedControl
        aria-label="Where the lease store shall be"
        value={form.kind}
        onChange={(kind) => change({ kind })}
        data={[
          { value: 'server', label: 'A witness on a server of the site' },
          { value: 'machine', label: 'A witness on another machine' },
          { value: 'etcd', label: 'An etcd that you have' },
        ]}
      />
      <div className={classes.fields}>
        {form.kind === 'server' && <ServerChoice {...props} />}
        {form.kind === 'machine' && (
          <MachineFields machine={form.machine} onChange={(machine) => change({ machine })} />
        )}
        {form.kind === 'etcd' ? (
          <EtcdFields {...props} />
        ) : (
          <Words
            label="Port of the witness"
            value={form.port === null ? '' : String(form.port)}
            onValue={(text) => change({ port: portOf(text) })}
          />
        )}
      </div>
    </>
  );
}

/** Those that run no engine and do not keep the leases now. */
function ServerChoice({ view, site, form, onChange }: StoreProps) {
  const members = new Set(site.clusters.flatMap((cluster) => cluster.members.map(({ server }) => server)));
  const now = site.store.kind === 'witness' ? site.store.server : null;
  const ways = new Set(view.access.map(({ server }) => server));
  const free = site.site.servers.filter(({ id }) => ways.has(id) && !members.has(id) && id !== now);
  return (
    <NativeSelect
      label="Server"
      description={
        free.length === 0 ? 'Every other server of the site runs an engine: choose another machine.' : ''
      }
      value={form.server ?? ''}
      onChange={(event) => onChange({ ...form, server: event.currentTarget.value || null })}
      data={[
        { value: '', label: 'Choose a server' },
        ...free.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}

const logins = [
  { value: 'key', label: 'a key file' },
  { value: 'ssh-agent', label: 'the SSH agent of this session' },
];

function MachineFields(props: {
  readonly machine: DraftServer;
  readonly onChange: (machine: DraftServer) => void;
}) {
  const { machine, onChange } = props;
  const { ssh } = machine;
  const changeSsh = (part: Partial<DraftServer['ssh']>) => onChange({ ...machine, ssh: { ...ssh, ...part } });
  return (
    <>
      <Words label="Name" value={machine.name} onValue={(name) => onChange({ ...machine, name })} />
      <Words
        label="Address"
        placeholder="10.20.9.30"
        value={machine.address}
        onValue={(address) => onChange({ ...machine, address })}
      />
      <Words
        label="SSH user"
        value={ssh.user}
        onValue={(user) => changeSsh({ user, sudo: user === 'root' ? 'root' : 'passwordless' })}
        description={ssh.sudo === 'root' ? '' : 'It must be allowed to run sudo without a password.'}
      />
      <Words
        label="SSH port"
        value={ssh.port === null ? '' : String(ssh.port)}
        onValue={(text) => changeSsh({ port: portOf(text) })}
      />
      <NativeSelect
        label="Signs in with"
        value={ssh.login.kind}
        onChange={(event) =>
          changeSsh({
            login: event.currentTarget.value === 'key' ? { kind: 'key', file: '' } : { kind: 'ssh-agent' },
          })
        }
        data={logins}
      />
      {ssh.login.kind === 'key' && (
        <Words
          label="Private key (file of this workstation, without a passphrase)"
          value={ssh.login.file}
          onValue={(file) => changeSsh({ login: { kind: 'key', file } })}
        />
      )}
      <Words
        label="Fingerprint of its host key"
        placeholder="SHA256:…"
        description="On that machine: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"
        value={ssh.hostKey ?? ''}
        onValue={(hostKey) => changeSsh({ hostKey: hostKey === '' ? null : hostKey.trim() })}
      />
    </>
  );
}

function EtcdFields({ view, form, onChange }: StoreProps) {
  const { servers } = useConsole();
  const { etcd } = form;
  const change = (part: Partial<MoveForm['etcd']>) => onChange({ ...form, etcd: { ...etcd, ...part } });
  return (
    <>
      <Words
        label="Endpoints (1, 3 or 5)"
        placeholder="10.20.9.5:2379, 10.20.9.6:2379, 10.20.9.7:2379"
        description="A certificate that names no address: ADDRESS:PORT=NAME"
        value={form.endpoints}
        onValue={(endpoints) => onChange({ ...form, endpoints })}
      />
      <Words
        label="Prefix"
        description="It ends with the site’s short name."
        value={etcd.prefix}
        onValue={(prefix) => change({ prefix })}
      />
      {(
        [
          ['authorityFile', 'etcd’s authority (PEM file here)'],
          ['certificateFile', 'Client certificate (file here)'],
          ['keyFile', 'Its private key (file here)'],
        ] as const
      ).map(([field, label]) => (
        <Words
          key={field}
          label={label}
          value={etcd[field]}
          onValue={(value) => change({ [field]: value })}
        />
      ))}
      <Words
        label="User, where etcd has users"
        value={etcd.user}
        onValue={(user) => change({ user: user.trim() })}
      />
      {etcd.user !== '' && (
        <SecretField
          label="Password of that user"
          isKept={view.shared.has.includes('etcd-password')}
          give={(value) =>
            servers.getState().act({ act: 'secret', server: '', kind: 'etcd-password', value })
          }
        />
      )}
    </>
  );
}

function Words(props: {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly placeholder?: string;
  readonly description?: string;
}) {
  const { onValue, description, ...field } = props;
  return (
    <TextInput
      {...field}
      {...(description ? { description } : {})}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete="off"
      spellCheck={false}
      maxLength={4_096}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}

function portOf(text: string): number | null {
  const digits = text.replaceAll(/\D/g, '').slice(0, 5);
  return digits === '' ? null : Number(digits);
}
