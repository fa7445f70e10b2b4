import type { DraftCluster } from '../../../shared/setup/draft.ts';
import { mountUnitOf } from '../../../shared/storage/mount-control.ts';
import { Card } from '../../components/card.tsx';
import { CopyFields } from './copy-fields.tsx';
import { Field } from './fields.tsx';
import classes from './setup.module.css';
import { changeCluster, useSetup } from './use-setup.ts';

const kinds = [
  {
    kind: 'shared',
    title: 'Shared: both servers see one directory',
    text: 'No acknowledged message is lost when a server dies.',
  },
  {
    kind: 'copied',
    title: 'Copied: each server has its own, the Active’s is copied to the other by rsync over SSH',
    text: 'No-loss is not met: what was written after the last complete copy, usually some seconds, is lost when the Active’s server dies. A planned switchover loses nothing.',
  },
] as const;

/** Whether the servers of each cluster share a directory or one is copied, and where it is. */
export function StorageStep() {
  const { draft, edit } = useSetup();
  return (
    <>
      {draft.clusters.map((cluster, index) => (
        <Card
          key={cluster.index}
          title={cluster.id}
          note={
            cluster.storage === 'copied'
              ? 'copied directory under one path on each server; no-loss is not met'
              : 'shared directory, seen by both its servers under one path'
          }
        >
          <div className={classes.form}>
            <div role="radiogroup" aria-label={`Storage of ${cluster.id}`}>
              {kinds.map(({ kind, title, text }) => (
                <div key={kind}>
                  <label className={classes.choice}>
                    <input
                      type="radio"
                      name={`storage ${cluster.index}`}
                      checked={(cluster.storage ?? 'shared') === kind}
                      onChange={() => edit(changeCluster(index, (now) => ({ ...now, storage: kind })))}
                    />
                    {title}
                  </label>
                  <p className={`${classes.choiceText} small ink2`}>{text}</p>
                </div>
              ))}
            </div>
            <Field
              field={`clusters.${index}.directory`}
              label="Directory"
              placeholder="/iguana/wk1"
              description="It is marked as this cluster’s own. A takeover proves the mark and writes there before the engine starts."
              value={cluster.directory}
              onValue={(directory) => edit(changeCluster(index, (now) => ({ ...now, directory })))}
            />
            {cluster.storage === 'copied' ? (
              <CopyFields cluster={cluster} index={index} />
            ) : (
              <Field
                field={`clusters.${index}.cutProgram`}
                label="Program that cuts the other server off (optional)"
                placeholder="/usr/local/sbin/cut-wk1"
                description="Your own, on both servers: whoever takes over has it withdraw the directory from a server that cannot prove that its engine is stopped, and lets it in again later. Told in docs/storage-cut.md."
                value={cluster.cutProgram ?? ''}
                onValue={(cutProgram) => edit(changeCluster(index, (now) => ({ ...now, cutProgram })))}
              />
            )}
            {cluster.storage !== 'copied' && <MountField cluster={cluster} index={index} />}
            <label className={classes.choice}>
              <input
                type="checkbox"
                checked={cluster.mustBeMount || agentMounts(cluster)}
                disabled={agentMounts(cluster)}
                onChange={(event) => {
                  const mustBeMount = event.currentTarget.checked;
                  edit(changeCluster(index, (now) => ({ ...now, mustBeMount })));
                }}
              />
              It is a mount of its own: where it is not mounted, the empty folder below is never used
            </label>
          </div>
        </Card>
      ))}
    </>
  );
}

/** The agents can only do without a mount that the service manager knows by its name. */
function MountField({ cluster, index }: { readonly cluster: DraftCluster; readonly index: number }) {
  const { edit } = useSetup();
  const unit = cluster.directory.trim().startsWith('/')
    ? mountUnitOf(cluster.directory.trim())
    : 'its mount unit';
  const explained = `mounted ${cluster.index}`;
  return (
    <div>
      <label className={classes.choice}>
        <input
          type="checkbox"
          checked={agentMounts(cluster)}
          aria-describedby={explained}
          onChange={(event) => {
            const chosen = event.currentTarget.checked;
            edit(changeCluster(index, (now) => ({ ...now, agentMounts: chosen })));
          }}
        />
        The agents mount it on the Active only
      </label>
      <p className="small ink2" id={explained}>
        A takeover starts {unit} before the storage is proven; after a hand-over it is stopped, so that a
        Passive has nothing mounted. The unit is yours, on both servers, and not mounted at boot. Told in
        docs/storage-mount.md.
      </p>
    </div>
  );
}

function agentMounts({ storage = 'shared', agentMounts: chosen = false }: DraftCluster): boolean {
  return storage === 'shared' && chosen;
}
