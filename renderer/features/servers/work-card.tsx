import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ServersView, ServerWorkName } from '../../../shared/servers/servers-view.ts';
import { serverWorks } from '../../../shared/servers/servers-view.ts';
import { observedCluster } from '../../../shared/fleet/observing.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Arming, Observing } from './arm-work.tsx';
import { ConfigurationWork } from './configuration-work.tsx';
import { GoOnUnprotected } from './go-on-unprotected.tsx';
import { MoveStore } from './move-work.tsx';
import { Revoking } from './revoke-work.tsx';
import { SecretFields, secretRefusal } from './secret-fields.tsx';
import classes from './servers.module.css';
import { SiteDocumentWork } from './site-document-work.tsx';
import { useTypedName } from './typed-name.tsx';
import { workWords } from './work-words.ts';

/** One thing to do on the servers, explained before it is begun. */
export function WorkCard({ view, site }: { readonly view: ServersView; readonly site: SiteSight }) {
  const offered = offeredWorks(site);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const first = view.openMove ? 'move' : (view.kind ?? (offered.includes('arm') ? 'arm' : 'compare'));
  // What was begun elsewhere since, such as a look after a refusal, comes to the front.
  const shown = wanted === null ? first : wanted.beside === view.kind ? wanted.work : view.kind;
  const chosen = offered.find((work) => work === shown) ?? 'compare';
  const names = new Map(site.site.servers.map(({ id, name }) => [id, name]));
  const words = workWords[chosen];
  const busy = view.work.state === 'running' ? 'another work on the servers goes on' : null;
  const refusal = busy ?? (chosen === 'pull' ? null : secretRefusal(view, names, words.needsShared));
  if (view.refusal !== null) return <OnlyTheDocument view={view} refusal={busy} />;
  return (
    <Card title="Work on the servers" note="over SSH, with the ways of this workstation">
      <div className={classes.body}>
        <SegmentedControl
          aria-label="What to do"
          classNames={{ root: classes.works ?? '' }}
          withItemsBorders={false}
          value={chosen}
          onChange={(work) => setWanted({ work, beside: view.kind })}
          data={offered.map((work) => ({ value: work, label: workWords[work].title }))}
        />
        <p>{words.does}</p>
        {chosen !== 'pull' && <SecretFields view={view} names={names} withShared={words.needsShared} />}
        <ChosenWork work={chosen} {...{ view, site, names, refusal }} />
      </div>
    </Card>
  );
}

/** What a person has chosen, beside which work that the page told of then. */
interface Wanted {
  readonly work: ServerWorkName;
  readonly beside: ServerWorkName | null;
}

/** Whoever may not work on the servers may have the newest site document all the same: the agents tell it. */
function OnlyTheDocument({ view, refusal }: { readonly view: ServersView; readonly refusal: string | null }) {
  return (
    <Card title="Work on the servers" note="over SSH, with the ways of this workstation">
      <div className={classes.body}>
        <p className="ink2">{view.refusal}</p>
        {view.canPull && (
          <>
            <p>{workWords.pull.does}</p>
            <SiteDocumentWork view={view} refusal={refusal} />
          </>
        )}
      </div>
    </Card>
  );
}

/** To arm what is armed, or to observe what is only observed, makes no sense. Half armed, both ways are open. Pure. */
function offeredWorks({ clusters }: SiteSight): ServerWorkName[] {
  const observed = clusters.map((cluster) => observedCluster(cluster));
  const canArm = observed.some((one) => one !== null);
  const canObserve = observed.some((one) => one === null || one.halfArmed);
  return serverWorks.filter(
    (work) => work !== 'notify' && (work !== 'arm' || canArm) && (work !== 'observe' || canObserve),
  );
}

function ChosenWork(props: {
  readonly work: ServerWorkName;
  readonly view: ServersView;
  readonly site: SiteSight;
  readonly names: ReadonlyMap<string, string>;
  readonly refusal: string | null;
}) {
  const { work, view, site, names, refusal } = props;
  switch (work) {
    case 'remove':
      return <Removal view={view} siteName={site.site.name} refusal={refusal} />;
    case 'arm':
      return <Arming view={view} site={site} refusal={refusal} />;
    case 'move':
      return <MoveStore view={view} site={site} refusal={refusal} />;
    case 'configuration':
      return <ConfigurationWork view={view} site={site} refusal={refusal} />;
    case 'pull':
      return <SiteDocumentWork view={view} refusal={refusal} />;
    case 'revoke':
      return <Revoking site={site} names={names} refusal={refusal} />;
    case 'observe':
      return <Observing siteName={site.site.name} refusal={refusal} />;
    // On a page of its own.
    case 'notify':
      return null;
    default:
      return <Begin work={work} site={site} names={names} refusal={refusal} />;
  }
}

type BegunWork = Exclude<
  ServerWorkName,
  'remove' | 'arm' | 'observe' | 'move' | 'notify' | 'configuration' | 'pull' | 'revoke'
>;

function Begin(props: {
  readonly work: BegunWork;
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
      {words.restarts && <GoOnUnprotected site={site} value={unprotected} onChange={setUnprotected} />}
      <div className={classes.foot}>
        <InkButton act="next" refusal={refusal} onClick={() => void begin()}>
          {words.begin}
        </InkButton>
      </div>
    </>
  );
}

/** Dangerous: the site's name is typed, and what becomes of running engines is said. */
function Removal(props: {
  readonly view: ServersView;
  readonly siteName: string;
  readonly refusal: string | null;
}) {
  const { view, siteName, refusal } = props;
  const { servers } = useConsole();
  const [lost, setLost] = useState('');
  const isSilent =
    view.kind === 'remove' && view.work.errors.some(({ code }) => code === 'install.leaver-silent');
  const gone = isSilent ? lost.split(/[\s,]+/).filter((name) => name !== '') : [];
  const begin = () =>
    servers.getState().act({ act: 'remove', engines, typedName, ...(gone.length > 0 && { gone }) });
  const [engines, setEngines] = useState<'keep' | 'stop'>('keep');
  const { typedName, untyped, field } = useTypedName(siteName);
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
        {isSilent && (
          <TextInput
            label="Short names of servers that are lost for good"
            description="They stay off, or are installed anew: they still have their agents and certificates."
            value={lost}
            maxLength={200}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setLost(event.currentTarget.value)}
          />
        )}
        {field}
        <div className={classes.foot}>
          <InkButton act="danger" refusal={refusal ?? untyped} onClick={() => void begin()}>
            {workWords.remove.begin}
          </InkButton>
        </div>
      </div>
    </Notice>
  );
}
