import { asUsual, type DraftCluster, type DraftCopy } from '../../../shared/setup/draft.ts';
import { Field, PortField } from './fields.tsx';
import classes from './setup.module.css';
import { changeCluster, useSetup } from './use-setup.ts';

/** How a directory is copied: what is left empty is as the product does by itself. */
export function CopyFields({ cluster, index }: { readonly cluster: DraftCluster; readonly index: number }) {
  const { draft, edit } = useSetup();
  const copy = cluster.copy ?? asUsual;
  const at = (field: string) => `clusters.${index}.copy.${field}`;
  const change = (part: Partial<DraftCopy>) =>
    edit(changeCluster(index, (now) => ({ ...now, copy: { ...(now.copy ?? asUsual), ...part } })));
  const members = cluster.members.flatMap(
    ({ server }) => draft.servers.find(({ id }) => id === server) ?? [],
  );
  return (
    <div className={classes.row}>
      <PortField
        field={at('everySeconds')}
        label="Seconds between two copies"
        placeholder="5"
        value={copy.everySeconds}
        onValue={(everySeconds) => change({ everySeconds })}
      />
      <PortField
        field={at('lagLimitSeconds')}
        label="Largest lag in seconds"
        placeholder="60"
        description="An older copy is told as an alarm, and no takeover is begun with it by rule."
        value={copy.lagLimitSeconds}
        onValue={(lagLimitSeconds) => change({ lagLimitSeconds })}
      />
      <PortField
        field={at('sshPort')}
        label="SSH port between the servers"
        placeholder="22"
        value={copy.sshPort}
        onValue={(sshPort) => change({ sshPort })}
      />
      {members.map(({ id, name }) => (
        <Field
          key={id}
          field={at(`directories.${id}`)}
          label={`Directory on ${name || id}, where it is another one`}
          placeholder={cluster.directory}
          value={copy.directories[id] ?? ''}
          onValue={(path) => change({ directories: { ...copy.directories, [id]: path } })}
        />
      ))}
    </div>
  );
}
