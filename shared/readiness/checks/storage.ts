import { notMountedWords } from '../../storage/mount-control.ts';
import type { MemberSnapshot } from '../../agent-api/member-snapshot.ts';
import { formatMeasured, formatSpan } from '../../fleet/age.ts';
import { directoryClashes, storageDirectory, storedCluster } from '../../site/directory-rules.ts';
import type { Cluster } from '../../site/site-document.ts';
import { failed, notApplicable, ok, unknown, warning, type CheckDefinition, type Judged } from '../check.ts';
import { byLimit, overActive, overMembers, overSsh } from '../look.ts';
import type { ClusterScene, SiteScene } from '../scene.ts';

const storage = {
  section: 'storage',
  stage: 'infrastructure',
  requires: 'storage',
  protects: ['no-loss', 'position'],
  every: 'always',
  place: 'cluster',
} as const;

/** The directory in which a cluster keeps its queues. */
export const storageChecks: readonly CheckDefinition[] = [
  {
    ...storage,
    id: 'T01',
    title: 'The kind of storage supports the guarantee',
    why: 'With a copied directory whatever was written after the last copy is lost with its server.',
    remedy: 'Put the cluster on a shared directory if no message may be lost.',
    every: 'at each change of the site',
    place: 'setup',
    how: { by: 'agent', cluster: judgeKind },
  },
  {
    ...storage,
    id: 'T02',
    title: 'The right directory is there on both servers',
    why: 'A member that sees another directory would start with other queues.',
    remedy: 'Mount the storage of this cluster there and check its rights.',
    how: { by: 'agent', member: judgeProven },
  },
  {
    ...storage,
    id: 'T03',
    title: 'The last look at the storage found it fine',
    why: 'Before each start the agent proves it by writing on the Active and reading on the Passive.',
    remedy: 'Do what the finding says, then wait for the next look.',
    how: { by: 'agent', member: judgeLook },
  },
  {
    ...storage,
    id: 'T04',
    title: 'The storage answers quickly',
    why: 'Its proof is part of the time without an Active, and a slow one slows every message.',
    protects: ['failover'],
    remedy: 'Look at the storage server and the network to it.',
    how: { by: 'agent', member: judgeQuickness },
  },
  {
    ...storage,
    id: 'T05',
    title: 'The storage has room',
    why: 'A full directory stops the engine on both servers alike.',
    remedy: 'Raise the quota, or shorten the retention of logs.',
    how: { by: 'agent', member: judgeRoom },
  },
  {
    ...storage,
    id: 'T06',
    title: 'Mount options fit',
    why: 'Soft mounts turn a short trouble into a write error, and without locks two writers are not seen.',
    protects: ['no-loss', 'order'],
    remedy: 'Mount it hard and with locks on both members.',
    every: 'monthly',
    how: overSsh(['storage', 'storage-options', 'storage-space', 'storage-mount', 'storage-mark']),
  },
  {
    ...storage,
    id: 'T07',
    title: 'The taker can cut the other server off, or it is accepted that it cannot',
    why: 'A paused virtual machine may write until it notices that its lease is over.',
    protects: ['no-loss', 'order'],
    stage: 'behaviour',
    remedy:
      'Name a program that withdraws the export from the old server (docs/storage-cut.md), or have the owner accept the risk.',
    every: 'once a year',
    place: 'cluster',
    how: { by: 'person', asks: 'cluster', validDays: 365 },
  },
  {
    ...storage,
    id: 'T08',
    title: 'The storage carries the present epoch, and nobody writes under an older one',
    why: 'The mark shows late writes of a server that should have stopped.',
    protects: ['no-loss', 'order'],
    remedy: 'Find the server that writes there and stop its engine, or withdraw the storage from it.',
    how: { by: 'agent', cluster: (scene) => overActive(scene, judgeGeneration) },
  },
  {
    ...storage,
    id: 'T09',
    title: 'No two clusters share a directory',
    why: 'Two engines in one directory mix their queues.',
    protects: ['no-loss', 'order', 'isolation'],
    remedy: 'Give each cluster a directory of its own.',
    every: 'at each change of the site',
    how: { by: 'agent', site: judgeApart },
  },
  {
    ...storage,
    id: 'T10',
    title: 'The copy is young enough',
    why: 'Its age is what a takeover would lose.',
    remedy: 'Do what the finding says; look at the network between the servers.',
    how: { by: 'agent', cluster: judgeCopy },
  },
  {
    ...storage,
    id: 'T11',
    title: 'A replication outside of the product answers',
    why: 'A member may take over only with storage that is known to be whole.',
    remedy: 'Use a shared or a copied directory.',
    every: 'at each change of the site',
    how: {
      by: 'agent',
      cluster: () => notApplicable('The site document names no replication outside of the product.'),
    },
  },
  {
    ...storage,
    id: 'T12',
    title: 'Configuration and logs are backed up, and were restored once',
    why: 'A failover saves from a lost server, not from a wrong change or a lost storage.',
    protects: ['no-loss', 'position'],
    section: 'operations',
    stage: 'operations',
    remedy: 'Restore the backup of one cluster on a test machine, and note the date.',
    every: 'once a year',
    how: { by: 'person', asks: 'site', validDays: 365 },
  },
];

function judgeKind({ document }: ClusterScene): Judged {
  const { storage: where } = document;
  return where.kind === 'shared'
    ? ok(`Shared directory ${where.directory}`)
    : warning(`Copied directory ${where.directory}: no loss is not guaranteed`);
}

function judgeProven({ storage: { proven, directory }, serverName }: MemberSnapshot): Judged {
  return proven.value === null
    ? failed(`${serverName} cannot prove ${directory}: ${proven.why ?? 'not looked at yet'}`, proven.ageMs)
    : ok(
        `${serverName}: ${proven.value.unmounted ? `${directory} is ${notMountedWords}; a takeover mounts it` : directory}`,
        proven.ageMs,
      );
}

function judgeLook({ evidence, serverName, storage: { proven } }: MemberSnapshot): Judged {
  if (proven.value?.unmounted) return ok(`${serverName}: ${notMountedWords}`, proven.ageMs);
  const look = evidence?.storage ?? null;
  if (look === null) return unknown(`${serverName} has not looked at it yet`);
  return look.code === 'fine'
    ? ok(`${serverName}: fine`, proven.ageMs)
    : failed(`${serverName}: ${look.sentence}`, proven.ageMs, look.next);
}

/** A proof that takes this long, in milliseconds, is looked at; beyond the second one it costs more than a start. */
const quickness = { wellUpTo: 500, bearable: 3_000 };

function judgeQuickness({ storage: { proven }, serverName }: MemberSnapshot): Judged {
  if (proven.value === null)
    return unknown(`${serverName} cannot prove it: ${proven.why ?? 'not looked at yet'}`);
  const { tookMs, unmounted } = proven.value;
  if (unmounted) return notApplicable(`${serverName}: ${notMountedWords}; the Active tells how quick it is`);
  return byLimit(tookMs, quickness, `${serverName}: proven in ${formatMeasured(tookMs)}`, proven.ageMs);
}

const room = { wellUpTo: 80, bearable: 95 };

function judgeRoom({ storage: { proven }, serverName }: MemberSnapshot): Judged {
  const used = proven.value?.usedPercent ?? null;
  if (proven.value?.unmounted)
    return notApplicable(`${serverName}: ${notMountedWords}; the Active tells how full it is`);
  return used === null
    ? unknown(`${serverName} does not know how full it is: ${proven.why ?? 'the file system does not tell'}`)
    : byLimit(used, room, `${serverName}: ${Math.round(used)} % full`, proven.ageMs);
}

function judgeGeneration({ storage: { generation }, lease, evidence, serverName }: MemberSnapshot): Judged {
  const late = evidence?.storage?.lateWrite ?? null;
  if (late !== null) return failed(`A late write ${formatSpan(late.agoMs)} ago: ${late.seen}`, late.agoMs);
  if (generation.value === null)
    return unknown(`${serverName} cannot read it: ${generation.why ?? 'not looked at yet'}`);
  return generation.value === lease.epoch
    ? ok(`Epoch ${lease.epoch}`, generation.ageMs)
    : failed(`It carries ${generation.value}, the lease ${lease.epoch}`, generation.ageMs);
}

function judgeApart({ document }: SiteScene): Judged {
  const [clash] = directoryClashes(document.clusters.map(storedCluster));
  if (clash) return failed(`The ${clash.reason}`);
  return ok(document.clusters.flatMap(placesOf).join(', '));
}

function placesOf(cluster: Cluster): string[] {
  const { id, storage, members } = cluster;
  if (storage.kind === 'shared') return [`${id} ${storageDirectory(cluster, '')}`];
  return members.map(({ server }) => `${id} ${server}:${storageDirectory(cluster, server)}`);
}

function judgeCopy(scene: ClusterScene): Judged {
  if (scene.document.storage.kind === 'shared') return notApplicable('The directory is shared.');
  return overMembers(scene, ({ storage: { copy } }, name) => {
    if (copy === undefined) return unknown(`${name} has told nothing of its copy`);
    if (copy.failure !== null) return failed(`${name}: ${copy.failure.sentence}`, null, copy.failure.next);
    if (copy.lagMs === null) return unknown(`${name} does not know how old the copy is`);
    return byLimit(
      copy.lagMs,
      { wellUpTo: copy.lagLimitMs, bearable: copy.lagLimitMs },
      `${name}: ${formatSpan(copy.lagMs)} old, limit ${formatSpan(copy.lagLimitMs)}`,
    );
  });
}
