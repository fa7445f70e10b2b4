import { Plus } from 'lucide-react';
import { InkButton } from '../../components/ink-button.tsx';
import { Card } from '../../components/card.tsx';
import { emptyEtcd, emptyWitness, type DraftServer, type SetupDraft } from '../../../shared/setup/draft.ts';
import { idFromName } from '../../../shared/setup/site-from-draft.ts';
import { Field } from './fields.tsx';
import { JumpHosts, withJumpHost } from './jump-hosts.tsx';
import { KnownHostsCard } from './known-hosts-card.tsx';
import { ServerCard } from './server-card.tsx';
import { SiteFileCard } from './site-file-card.tsx';
import classes from './setup.module.css';
import { useFocusOnNew } from './use-focus-on-new.ts';
import { useSetup } from './use-setup.ts';

/** The name of the site, and every server with the way to it. */
export function ServersStep() {
  const { draft, edit, act } = useSetup();
  const { site } = draft;
  const cards = useFocusOnNew(draft.servers.length);
  const reachAll = () =>
    [...draft.jumpHosts, ...draft.servers].forEach(({ id }) => void act({ act: 'reach', server: id }));
  return (
    <>
      <Card title="Site" note="as it stands on every screen and in every report">
        <div className={classes.form}>
          <div className={classes.row}>
            <Field
              field="site.name"
              label="Name"
              value={site.name}
              placeholder="for example: Clinic North"
              onValue={(name) => edit((now) => ({ ...now, site: { name, id: siteId(now, name) } }))}
            />
            <Field
              field="site.id"
              label="Short name"
              description="In certificates and paths; never changes after the installation."
              value={site.id}
              onValue={(id) => edit((now) => ({ ...now, site: { ...now.site, id } }))}
            />
          </div>
          <label className={classes.choice}>
            <input
              type="checkbox"
              checked={draft.leaseStore.kind === 'etcd'}
              onChange={(event) => {
                const own = event.currentTarget.checked;
                edit((now) => ({ ...now, leaseStore: own ? emptyEtcd(now.site.id) : emptyWitness }));
              }}
            />
            An etcd that you have keeps the leases: no third machine is needed for them
          </label>
        </div>
      </Card>
      <div ref={cards} className={classes.cards}>
        <JumpHosts />
        {draft.servers.map((server, index) => (
          <ServerCard key={server.id} server={server} index={index} />
        ))}
      </div>
      <div className={classes.buttons}>
        <InkButton leftSection={<Plus aria-hidden />} onClick={() => edit(withServer('member'))}>
          Add a server with IguanaX
        </InkButton>
        <InkButton leftSection={<Plus aria-hidden />} onClick={() => edit(withServer('other'))}>
          Add another machine
        </InkButton>
        <InkButton leftSection={<Plus aria-hidden />} onClick={() => edit(withJumpHost)}>
          Add a jump host
        </InkButton>
        {draft.servers.length > 1 && <InkButton onClick={reachAll}>Reach all</InkButton>}
      </div>
      {draft.servers.length > 0 ? <KnownHostsCard /> : <SiteFileCard />}
    </>
  );
}

/** The short name follows the name until somebody writes one of their own. */
function siteId({ site }: SetupDraft, name: string): string {
  const follows = site.id === '' || site.id === idFromName(site.name, []);
  return follows ? (name.trim() === '' ? '' : idFromName(name, [])) : site.id;
}

function withServer(purpose: DraftServer['purpose']): (draft: SetupDraft) => SetupDraft {
  return (draft) => {
    const taken = [...draft.servers, ...draft.jumpHosts].map(({ id }) => id);
    const last = draft.servers.at(-1)?.ssh;
    const server: DraftServer = {
      id: idFromName('server', taken),
      name: '',
      address: '',
      purpose,
      ssh: {
        user: last?.user ?? 'root',
        port: last?.port ?? 22,
        login: last?.login ?? { kind: 'password' },
        sudo: last?.sudo ?? 'root',
        hostKey: null,
      },
    };
    return { ...draft, servers: [...draft.servers, server] };
  };
}
