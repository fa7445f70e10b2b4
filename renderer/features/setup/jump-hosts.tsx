import type { DraftJumpHost, SetupDraft } from '../../../shared/setup/draft.ts';
import { idFromName } from '../../../shared/setup/site-from-draft.ts';
import { Card } from '../../components/card.tsx';
import { Field, PortField } from './fields.tsx';
import { Reached, Ways } from './reach-parts.tsx';
import { SignInFields } from './sign-in-fields.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

/** SSH servers that others are reached through, each with a key of its own to be compared. */
export function JumpHosts() {
  const { draft } = useSetup();
  return draft.jumpHosts.map((jump, index) => <JumpHostCard key={jump.id} jump={jump} index={index} />);
}

function JumpHostCard({ jump, index }: { readonly jump: DraftJumpHost; readonly index: number }) {
  const { view, edit, elapsedMs } = useSetup();
  const reach = view.reach.find((candidate) => candidate.server === jump.id);
  const at = (field: string) => `jumpHosts.${index}.${field}`;
  const change = (make: (now: DraftJumpHost) => DraftJumpHost) =>
    edit((draft) => ({
      ...draft,
      jumpHosts: draft.jumpHosts.map((one, place) => (place === index ? make(one) : one)),
    }));
  const changeSsh = (part: Partial<DraftJumpHost['ssh']>) =>
    change((now) => ({ ...now, ssh: { ...now.ssh, ...part } }));
  return (
    <Card
      title={jump.name === '' ? `Jump host ${index + 1}` : jump.name}
      note="jump host: servers are reached through it; nothing is installed there"
      right={<Reached reach={reach} elapsedMs={elapsedMs} />}
    >
      <div className={classes.form}>
        <div className={classes.row}>
          <Field
            field={at('name')}
            label="Name"
            value={jump.name}
            onValue={(name) => change((now) => ({ ...now, name }))}
          />
          <Field
            field={at('address')}
            label="Address or name"
            placeholder="jump.example"
            value={jump.address}
            // Another address is another server: its key has to be compared anew.
            onValue={(address) => change((now) => ({ ...now, address, ssh: { ...now.ssh, hostKey: null } }))}
          />
          <PortField
            field={at('ssh.port')}
            label="SSH port"
            value={jump.ssh.port}
            onValue={(port) => changeSsh({ port, hostKey: null })}
          />
          <Field
            field={at('ssh.user')}
            label="User"
            value={jump.ssh.user}
            onValue={(user) => changeSsh({ user })}
          />
        </div>
        <div className={classes.row}>
          <SignInFields
            place={jump}
            field={at('ssh')}
            login={jump.ssh.login}
            onLogin={(login) => changeSsh({ login })}
          />
        </div>
        <Ways place={jump} reach={reach} onTakeOut={() => edit((draft) => withoutJump(draft, jump.id))} />
      </div>
      <p className={classes.note}>
        It must let this user forward TCP. Agents are asked straight from this workstation on their own ports,
        unless a server says that they are reached through its SSH server.
      </p>
    </Card>
  );
}

/** One more jump host, signed in to as the last server is. */
export function withJumpHost(draft: SetupDraft): SetupDraft {
  const taken = [...draft.servers, ...draft.jumpHosts].map(({ id }) => id);
  const last = draft.servers.at(-1)?.ssh;
  const jump: DraftJumpHost = {
    id: idFromName('jump', taken),
    name: '',
    address: '',
    ssh: { user: last?.user ?? '', port: 22, login: last?.login ?? { kind: 'password' }, hostKey: null },
  };
  return { ...draft, jumpHosts: [...draft.jumpHosts, jump] };
}

/** Servers behind it keep its id, so that their gap tells to choose another way. */
function withoutJump(draft: SetupDraft, id: string): SetupDraft {
  return { ...draft, jumpHosts: draft.jumpHosts.filter((jump) => jump.id !== id) };
}
