import { Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ServersView, ServerWorkName } from '../../../shared/servers/servers-view.ts';
import { serverWorks } from '../../../shared/servers/servers-view.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { SecretFields, secretRefusal } from './secret-fields.tsx';
import classes from './servers.module.css';
import { workWords } from './work-words.ts';

/** One thing to do on the servers, explained before it is begun. */
export function WorkCard({ view, site }: { readonly view: ServersView; readonly site: SiteSight }) {
  const [chosen, setChosen] = useState<ServerWorkName>('compare');
  const names = new Map(site.site.servers.map(({ id, name }) => [id, name]));
  const words = workWords[chosen];
  const busy = view.work.state === 'running' ? 'another work on the servers goes on' : null;
  const refusal = busy ?? secretRefusal(view, names, words.needsEnginePassword);
  return (
    <Card title="Work on the servers" note="over SSH, with the ways of this workstation">
      <div className={classes.body}>
        {view.refusal === null ? (
          <>
            <SegmentedControl
              aria-label="What to do"
              value={chosen}
              onChange={(value) => setChosen(value)}
              data={serverWorks.map((work) => ({ value: work, label: workWords[work].title }))}
            />
            <p>{words.does}</p>
            <SecretFields view={view} names={names} withEngine={words.needsEnginePassword} />
            {chosen === 'remove' ? (
              <Removal siteName={site.site.name} refusal={refusal} />
            ) : (
              <Begin work={chosen} site={site} names={names} refusal={refusal} />
            )}
          </>
        ) : (
          <p className="ink2">{view.refusal}</p>
        )}
      </div>
    </Card>
  );
}

function Begin(props: {
  readonly work: Exclude<ServerWorkName, 'remove'>;
  readonly site: SiteSight;
  readonly names: ReadonlyMap<string, string>;
  readonly refusal: string | null;
}) {
  const { work, site, names, refusal } = props;
  const { servers } = useConsole();
  const [server, setServer] = useState('');
  const [unprotected, setUnprotected] = useState<readonly string[]>([]);
  const words = workWords[work];
  const begin = () =>
    servers.getState().act({
      act: 'begin',
      work,
      server: work === 'bundle' || server === '' ? null : server,
      unprotected: words.restarts ? [...unprotected] : [],
    });
  return (
    <>
      {work !== 'bundle' && (
        <NativeSelect
          label="Where"
          value={server}
          maw="20rem"
          onChange={(event) => setServer(event.currentTarget.value)}
          data={[
            { value: '', label: 'On all servers, one after the other' },
            ...[...names].map(([value, label]) => ({ value, label })),
          ]}
        />
      )}
      {words.restarts && (
        <Checkbox.Group
          label="Go on although nobody could take over"
          description="Agents are restarted only while their cluster could lose its Active. For a cluster ticked here, a fault meanwhile is an outage."
          value={[...unprotected]}
          onChange={setUnprotected}
        >
          {site.clusters.map(({ cluster }) => (
            <Checkbox key={cluster.id} value={cluster.id} label={cluster.id} mt="0.375rem" />
          ))}
        </Checkbox.Group>
      )}
      <div className={classes.foot}>
        <InkButton act="next" refusal={refusal} onClick={() => void begin()}>
          {words.begin}
        </InkButton>
      </div>
    </>
  );
}

/** Dangerous: the site's name is typed, and what becomes of running engines is said. */
function Removal({ siteName, refusal }: { readonly siteName: string; readonly refusal: string | null }) {
  const { servers } = useConsole();
  const [engines, setEngines] = useState<'keep' | 'stop'>('keep');
  const [typedName, setTypedName] = useState('');
  const untyped = typedName === siteName ? null : `the name ${siteName} is not typed yet`;
  return (
    <Notice kind="danger" title="Without agents nothing fails over any more">
      <div className={classes.body}>
        <SegmentedControl
          aria-label="What becomes of engines that run"
          value={engines}
          onChange={(value) => setEngines(value)}
          data={[
            { value: 'keep', label: 'Engines run on without protection' },
            { value: 'stop', label: 'Engines are stopped' },
          ]}
        />
        <TextInput
          label={`Type the name of the site: ${siteName}`}
          value={typedName}
          maw="20rem"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTypedName(event.currentTarget.value)}
        />
        <div className={classes.foot}>
          <InkButton
            act="danger"
            refusal={refusal ?? untyped}
            onClick={() => void servers.getState().act({ act: 'remove', engines, typedName })}
          >
            {workWords.remove.begin}
          </InkButton>
        </div>
      </div>
    </Notice>
  );
}
