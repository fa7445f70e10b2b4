import { Card } from '../../components/card.tsx';
import { Field } from './fields.tsx';
import classes from './setup.module.css';
import { changeCluster, useSetup } from './use-setup.ts';

/** The directory of each cluster, as both its servers see it. */
export function StorageStep() {
  const { draft, edit } = useSetup();
  return (
    <>
      {draft.clusters.map((cluster, index) => (
        <Card
          key={cluster.index}
          title={cluster.id}
          note="shared directory, seen by both its servers under one path"
        >
          <div className={classes.form}>
            <Field
              field={`clusters.${index}.directory`}
              label="Directory"
              placeholder="/iguana/wk1"
              description="It is marked as this cluster’s own. A takeover proves the mark and writes there before the engine starts."
              value={cluster.directory}
              onValue={(directory) => edit(changeCluster(index, (now) => ({ ...now, directory })))}
            />
            <label className={classes.choice}>
              <input
                type="checkbox"
                checked={cluster.mustBeMount}
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
