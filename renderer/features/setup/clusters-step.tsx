import { Select } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import type { DraftCluster, DraftMember, SetupDraft } from '../../../shared/setup/draft.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Field, PortField } from './fields.tsx';
import { PollersField, ToldPollers } from './pollers-field.tsx';
import classes from './setup.module.css';
import { useFocusOnNew } from './use-focus-on-new.ts';
import { changeCluster, useSetup } from './use-setup.ts';

/** Every cluster: its servers, its engines, where its messages arrive. */
export function ClustersStep() {
  const { draft, edit, view } = useSetup();
  const cards = useFocusOnNew(draft.clusters.length);
  return (
    <>
      <div ref={cards} className={classes.cards}>
        {draft.clusters.map((cluster, index) => (
          <ClusterCard key={cluster.index} cluster={cluster} index={index} />
        ))}
      </div>
      <div className={classes.buttons}>
        <InkButton
          leftSection={<Plus aria-hidden />}
          onClick={() => edit((now) => withCluster(now, view.preflight.engines))}
        >
          Add a cluster
        </InkButton>
      </div>
    </>
  );
}

function ClusterCard({ cluster, index }: { readonly cluster: DraftCluster; readonly index: number }) {
  const { edit } = useSetup();
  const at = (field: string) => `clusters.${index}.${field}`;
  const change = (part: Partial<DraftCluster>) => edit(changeCluster(index, (now) => ({ ...now, ...part })));
  return (
    <Card
      title={cluster.id === '' ? `Cluster ${index + 1}` : cluster.id}
      note={`agent ports ${7670 + 10 * cluster.index} and ${7671 + 10 * cluster.index} on both servers`}
      right={
        <InkButton
          act="back"
          leftSection={<Trash2 aria-hidden />}
          onClick={() =>
            edit((draft) => ({ ...draft, clusters: draft.clusters.filter((_, place) => place !== index) }))
          }
        >
          Take it out
        </InkButton>
      }
    >
      <div className={classes.form}>
        <div className={classes.row}>
          <Field
            field={at('id')}
            label="Short name"
            placeholder="WK1"
            value={cluster.id}
            onValue={(id) => change({ id })}
          />
          <Field
            field={at('title')}
            label="What it is for"
            placeholder="for example: admissions"
            value={cluster.title}
            onValue={(title) => change({ title })}
          />
          <PollersField
            cluster={cluster}
            field={at('pollers')}
            onPollers={(pollers) => change({ pollers })}
          />
        </div>
        <ToldPollers cluster={cluster} onPollers={(pollers) => change({ pollers })} />
        {cluster.members.map((member, place) => (
          <MemberRow key={place} cluster={cluster} clusterIndex={index} member={member} place={place} />
        ))}
        <Listeners cluster={cluster} index={index} />
      </div>
    </Card>
  );
}

function MemberRow(props: {
  readonly cluster: DraftCluster;
  readonly clusterIndex: number;
  readonly member: DraftMember;
  readonly place: number;
}) {
  const { draft, edit, view, gapOf } = useSetup();
  const { cluster, clusterIndex, member, place } = props;
  const at = (field: string) => `clusters.${clusterIndex}.members.${place}.${field}`;
  const change = (part: Partial<DraftMember>) =>
    edit(
      changeCluster(clusterIndex, (now) => ({
        ...now,
        members: now.members.map((one, index) => (index === place ? { ...one, ...part } : one)),
      })),
    );
  const found = view.preflight.engines.filter(({ server }) => server === member.server);
  return (
    <fieldset className={classes.member}>
      <legend>{place === 0 ? 'First member' : 'Second member'}</legend>
      <div className={classes.row}>
        <Select
          label="Server"
          value={member.server}
          allowDeselect={false}
          error={place === 0 ? gapOf(`clusters.${clusterIndex}.members`) : null}
          onChange={(server) => change({ server: server ?? '' })}
          data={draft.servers
            .filter(({ purpose }) => purpose === 'member')
            .map(({ id, name }) => ({ value: id, label: name || id }))}
        />
        <Field
          field={at('unit')}
          label="Engine’s service"
          placeholder="iguanax.service"
          value={member.unit}
          {...(found.length > 0 && { description: `found: ${found.map(({ unit }) => unit).join(', ')}` })}
          onValue={(unit) => {
            const engine = found.find((one) => one.unit === unit);
            change({
              unit,
              ...(engine?.apiPort != null && { apiPort: engine.apiPort }),
              ...(engine?.workingDirectory != null && { workingDirectory: engine.workingDirectory }),
            });
          }}
        />
        <PortField
          field={at('apiPort')}
          label="API port"
          value={member.apiPort}
          onValue={(apiPort) => change({ apiPort })}
        />
        <Field
          field={at('apiUser')}
          label="API user"
          value={member.apiUser}
          onValue={(apiUser) => change({ apiUser })}
        />
        <Field
          field={at('workingDirectory')}
          label="Working directory"
          value={member.workingDirectory}
          onValue={(directory) =>
            edit(changeCluster(clusterIndex, (now) => withWorkingDirectory(now, place, directory)))
          }
        />
      </div>
      <label className={classes.choice}>
        <input
          type="radio"
          name={`preferred-${cluster.index}`}
          checked={member.preferred}
          onChange={() =>
            edit(
              changeCluster(clusterIndex, (now) => ({
                ...now,
                members: now.members.map((one, index) => ({ ...one, preferred: index === place })),
              })),
            )
          }
        />
        preferred: Active here when both are fit
      </label>
    </fieldset>
  );
}

function Listeners({ cluster, index }: { readonly cluster: DraftCluster; readonly index: number }) {
  const { edit, gapOf } = useSetup();
  const change = (listeners: DraftCluster['listeners']) =>
    edit(changeCluster(index, (now) => ({ ...now, listeners })));
  return (
    <fieldset className={classes.member}>
      <legend>LLP listeners</legend>
      {gapOf(`clusters.${index}.listeners`) && (
        <p className={classes.gap}>{gapOf(`clusters.${index}.listeners`)}</p>
      )}
      {cluster.listeners.map((listener, place) => {
        const at = (field: string) => `clusters.${index}.listeners.${place}.${field}`;
        const put = (part: Partial<typeof listener>) =>
          change(cluster.listeners.map((one, at2) => (at2 === place ? { ...one, ...part } : one)));
        return (
          <div key={place} className={classes.row}>
            <Field
              field={at('name')}
              label="Name"
              placeholder="ADT"
              value={listener.name}
              onValue={(name) => put({ name })}
            />
            <PortField
              field={at('port')}
              label="Port on the servers"
              value={listener.port}
              onValue={(port) => put({ port })}
            />
            <PortField
              field={at('frontendPort')}
              label="Port on the balancer"
              value={listener.frontendPort}
              onValue={(frontendPort) => put({ frontendPort })}
            />
            <div className={classes.atEnd}>
              <InkButton
                act="back"
                aria-label={`Take listener ${listener.name} out`}
                onClick={() => change(cluster.listeners.filter((_, at2) => at2 !== place))}
              >
                Take it out
              </InkButton>
            </div>
          </div>
        );
      })}
      <div className={classes.buttons}>
        <InkButton
          leftSection={<Plus aria-hidden />}
          onClick={() => change([...cluster.listeners, { name: '', port: null, frontendPort: null }])}
        >
          Add a listener
        </InkButton>
      </div>
    </fieldset>
  );
}

/**
 * The working directory of one member changed. What was the same as that of the first member goes on being so: mostly
 * both have one path, and it is the shared directory.
 */
function withWorkingDirectory(cluster: DraftCluster, place: number, directory: string): DraftCluster {
  const before = cluster.members[0]?.workingDirectory;
  const follow = (kept: string) => (place === 0 && kept === before ? directory : kept);
  return {
    ...cluster,
    directory: follow(cluster.directory),
    members: cluster.members.map((member, index) => ({
      ...member,
      workingDirectory: index === place ? directory : follow(member.workingDirectory),
    })),
  };
}

/** A new cluster over the first two servers, preferred crosswise, with an engine that no other cluster uses. */
function withCluster(
  draft: SetupDraft,
  engines: readonly {
    readonly server: string;
    readonly unit: string;
    readonly apiPort: number | null;
    readonly workingDirectory: string | null;
  }[],
): SetupDraft {
  const index = draft.clusters.reduce((highest, cluster) => Math.max(highest, cluster.index + 1), 0);
  const servers = draft.servers.filter(({ purpose }) => purpose === 'member').slice(0, 2);
  const used = draft.clusters.flatMap(({ members }) =>
    members.map(({ server, unit }) => `${server} ${unit}`),
  );
  const members = servers.map((server, place): DraftMember => {
    const free = engines.find(
      (one) => one.server === server.id && !used.includes(`${one.server} ${one.unit}`),
    );
    return {
      server: server.id,
      preferred: place === index % servers.length,
      unit: free?.unit ?? '',
      apiPort: free?.apiPort ?? 6543 + 10 * index,
      apiUser: 'ha',
      workingDirectory: free?.workingDirectory ?? '',
    };
  });
  const cluster: DraftCluster = {
    id: `WK${index + 1}`,
    title: `Cluster WK${index + 1}`,
    index,
    members,
    listeners: [{ name: '', port: null, frontendPort: null }],
    pollers: [],
    directory: members[0]?.workingDirectory ?? '',
    mustBeMount: true,
  };
  return { ...draft, clusters: [...draft.clusters, cluster] };
}
