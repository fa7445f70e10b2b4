import type { ServersView } from '../../../shared/servers/servers-view.ts';
import type { SecretKind } from '../../../shared/setup/setup-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import { SecretField } from '../../components/secret-field.tsx';
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
  readonly withShared: boolean;
}) {
  const { servers } = useConsole();
  const { view, names, withShared } = props;
  const ofServers = view.access.flatMap(({ server, user, needs, may, has }) =>
    [...needs, ...may].map((kind) => {
      const label = `${words[kind]}: ${user} on ${names.get(server) ?? server}`;
      return { server, kind, label, isKept: has.includes(kind) };
    }),
  );
  const { needs, has } = view.shared;
  const ofAll = needs.map((kind) => ({ server: '', kind, label: words[kind], isKept: has.includes(kind) }));
  const fields = [...ofServers, ...(withShared ? ofAll : [])];
  if (fields.length === 0) return null;
  return (
    <div className={classes.fields}>
      {fields.map(({ server, kind, label, isKept }) => (
        <SecretField
          key={`${server} ${kind}`}
          label={label}
          isKept={isKept}
          give={(value) => servers.getState().act({ act: 'secret', server, kind, value })}
        />
      ))}
    </div>
  );
}

/** Why the servers cannot be signed in to yet, as the end of "Not now: …"; null: they can be tried. Pure. */
export function secretRefusal(
  { access, shared }: ServersView,
  names: ReadonlyMap<string, string>,
  withShared: boolean,
): string | null {
  const lacking = access.find(({ needs, has }) => needs.some((kind) => !has.includes(kind)));
  if (lacking) return `a password for ${names.get(lacking.server) ?? lacking.server} is needed`;
  const missing = withShared ? shared.needs.find((kind) => !shared.has.includes(kind)) : undefined;
  if (missing === undefined) return null;
  return missing === 'etcd-password'
    ? 'the password of the etcd’s user is needed'
    : 'the password of the engines’ API is needed';
}
