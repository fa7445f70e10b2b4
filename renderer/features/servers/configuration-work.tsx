import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';
import { useConsole } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import classes from './servers.module.css';
import { workWords } from './work-words.ts';

/** The configuration of the engines compared, and only after that copied from the Active to the Passive. */
export function ConfigurationWork(props: {
  readonly view: ServersView;
  readonly site: SiteSight;
  readonly refusal: string | null;
}) {
  const { view, site, refusal } = props;
  const { servers } = useConsole();
  const [cluster, setCluster] = useState('');
  const act = (copy: boolean) =>
    void servers.getState().act({ act: 'configuration', cluster: cluster === '' ? null : cluster, copy });
  const compared = view.kind === 'configuration' && view.work.state === 'done';
  const uncopied = compared
    ? cluster === ''
      ? 'choose the cluster whose configuration is copied'
      : null
    : 'compare it first';
  return (
    <>
      <NativeSelect
        label="Cluster"
        value={cluster}
        maw="20rem"
        onChange={(event) => setCluster(event.currentTarget.value)}
        data={[
          { value: '', label: 'All clusters' },
          ...site.clusters.map(({ cluster: { id, title } }) => ({ value: id, label: `${id}: ${title}` })),
        ]}
      />
      <div className={classes.foot}>
        <InkButton act="next" refusal={refusal} onClick={() => act(false)}>
          {compared ? 'Compare again' : 'Compare the configuration'}
        </InkButton>
        {refusal === null && (
          <InkButton act="other" refusal={uncopied} onClick={() => act(true)}>
            {workWords.configuration.begin}
          </InkButton>
        )}
      </div>
    </>
  );
}
