import { productError, type ProductError } from '../../../shared/errors.ts';
import {
  differenceSum,
  differenceWords,
  isSameConfiguration,
} from '../../../shared/engine/configuration-difference.ts';
import { placeWords } from '../../../shared/engine/configuration-place.ts';
import { differenceCheck } from '../../../shared/preflight/configuration-check.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Cluster } from '../../../shared/site/site-document.ts';
import type { AskedMember } from '../../../shared/upgrade/member-health.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { connectInstalled } from '../install/connect-installed.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { consoleCredentials, loadOrCreateKeys } from '../install/profile.ts';
import type { ServerWork } from '../install/server-work.ts';
import { aloneOnServers } from '../install/site-lock.ts';
import { recorded, transcriptIn, type RecordProgress } from '../install/transcript.ts';
import { keepFindings } from '../preflight/kept-preflight.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { askMembers } from '../upgrade/ask-site.ts';
import { compareMembers, type Compared, type ReachedPair } from './compare-members.ts';
import { copyConfiguration } from './copy-configuration.ts';

/** What was found, line by line, and the clusters whose members differ or could not be compared. */
export interface ConfigurationOutcome {
  readonly lines: readonly string[];
  readonly open: readonly string[];
}

export interface ConfigurationChoice {
  /** Null: all clusters. */
  readonly cluster: string | null;
  /** Brings what differs from the Active to the Passive; for one cluster. */
  readonly copy: boolean;
}

interface Scene {
  readonly inputs: InstallInputs;
  readonly ask: AskAgent;
  readonly works: readonly ServerWork[];
  readonly record: RecordProgress;
}

/**
 * Compares the configuration of the engines between the members of each cluster, and on request copies it from the Active
 * to the Passive. Errors: configuration.refused, ssh.*, site.locked.
 */
export async function workOnConfiguration(
  inputs: InstallInputs,
  { cluster, copy }: ConfigurationChoice,
): Promise<Result<ConfigurationOutcome, ProductError[]>> {
  const { site } = inputs.document;
  const chosen = site.clusters.filter(({ id }) => cluster === null || id === cluster);
  if (chosen.length === 0) return fail([refused(`The site has no cluster ${cluster}.`)]);
  if (copy && cluster === null) return fail([refused('Only one cluster is copied at a time: name it.')]);
  const keys = await loadOrCreateKeys(inputs.profileDirectory, site.id);
  if (!keys.ok) return fail([keys.error]);
  const opened: ServerConnection[] = [];
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  try {
    const compared = chosen.filter((one) => placeWords(one) === null);
    const servers = [...new Set(compared.flatMap(({ members }) => members.map(({ server }) => server)))];
    const works = await connectInstalled(inputs, record, opened, servers);
    if (!works.ok) return works;
    const ask = inputs.createAsk(consoleCredentials(keys.value));
    const scene = { inputs, ask, works: works.value, record };
    const outcomes: ConfigurationOutcome[] = [];
    for (const one of chosen) {
      const done = await (copy ? copyOne(scene, one) : compareOne(scene, one));
      if (!done.ok) return done;
      outcomes.push(done.value);
    }
    return succeed({
      lines: outcomes.flatMap(({ lines }) => lines),
      open: outcomes.flatMap(({ open }) => open),
    });
  } finally {
    for (const connection of opened) connection.close();
  }
}

async function compareOne(
  scene: Scene,
  cluster: Cluster,
): Promise<Result<ConfigurationOutcome, ProductError[]>> {
  const place = placeWords(cluster);
  if (place !== null) return succeed({ lines: [`${cluster.id}: equal: ${place}`], open: [] });
  const members = await askMembers(scene.ask, scene.inputs.document.site, cluster.id);
  return compare(scene, pairOf(scene, cluster, activeOf(members)?.server));
}

/** What is found is kept with the site: readiness and the verification of a move are judged by it. */
async function compare(
  { inputs }: Scene,
  pair: ReachedPair<ServerConnection>,
): Promise<Result<ConfigurationOutcome, ProductError[]>> {
  const wallTime = new Date().toISOString();
  const compared = await compareMembers(pair);
  if (!compared.ok) return compared;
  const outcome = outcomeOf(pair, compared.value);
  if (compared.value.lack !== null) return succeed(outcome);
  const names = { first: pair.first.connection.name, other: pair.other.connection.name };
  const check = differenceCheck(pair.cluster.id, compared.value.difference, names);
  const trouble = await keepFindings(inputs.profileDirectory, [check], wallTime).then(
    () => [],
    (cause: Error) => [`${pair.cluster.id}: this could not be kept for the readiness: ${cause.message}`],
  );
  return succeed({ ...outcome, lines: [...outcome.lines, ...trouble] });
}

async function copyOne(
  scene: Scene,
  cluster: Cluster,
): Promise<Result<ConfigurationOutcome, ProductError[]>> {
  const place = placeWords(cluster);
  if (place !== null) return fail([refused(`${cluster.id}: nothing is copied: ${place}.`)]);
  const members = await askMembers(scene.ask, scene.inputs.document.site, cluster.id);
  const doubt = copyDoubt(members);
  if (doubt !== null) return fail([refused(`${cluster.id}: ${doubt}.`)]);
  const pair = pairOf(scene, cluster, activeOf(members)!.server);
  const connections = [pair.first.connection, pair.other.connection];
  const what = `a copy of the configuration of ${cluster.id}`;
  return aloneOnServers(connections, what, scene.inputs.breakLock, () => copyPair(scene, pair));
}

async function copyPair(
  scene: Scene,
  pair: ReachedPair<ServerConnection>,
): Promise<Result<ConfigurationOutcome, ProductError[]>> {
  const { record } = scene;
  const compared = await compareMembers(pair);
  if (!compared.ok) return compared;
  const { difference, lack } = compared.value;
  if (lack !== null) return fail([refused(`${pair.cluster.id}: it could not be compared: ${lack}.`)]);
  if (isSameConfiguration(difference)) return succeed(outcomeOf(pair, compared.value));
  const { member, connection } = pair.other;
  let aside = '';
  const step = `configuration of ${pair.cluster.id} from ${pair.first.connection.name}`;
  const done = await recorded(record, member.server, step, async () => {
    const copied = await copyConfiguration(pair, compared.value, new Date().toISOString());
    if (!copied.ok) return copied;
    aside = copied.value.aside;
    return succeed(true);
  });
  if (!done.ok) return fail([done.error]);
  const again = await compare(scene, pair);
  if (!again.ok) return again;
  const outcome = again.value;
  const kept = `${pair.cluster.id}: on ${connection.name} the configuration of before is kept beside it, with ${aside} at the end of its name`;
  return succeed({ ...outcome, lines: [...outcome.lines, kept] });
}

/** Why nothing may be copied now, as a clause; null: one member serves and the other is stopped. Pure. */
export function copyDoubt(members: readonly AskedMember[]): string | null {
  const silent = members.find(({ snapshot }) => snapshot === null);
  if (silent) return `${silent.name} does not answer (${silent.why ?? 'not known why'})`;
  if (activeOf(members) === undefined)
    return 'it is not known whose configuration is the right one: it has not one Active';
  const other = members.find(({ snapshot }) => snapshot?.role.observed !== 'active');
  if (other?.snapshot?.role.observed !== 'passive')
    return `${other?.name ?? 'the other member'} is not Passive`;
  return other.snapshot.engine.process.value === 'stopped'
    ? null
    : `the engine on ${other.name} is not stopped, and nothing is copied under a running engine`;
}

/** The one Active; undefined: none, or more than one. */
function activeOf(members: readonly AskedMember[]): AskedMember | undefined {
  const active = members.filter(({ snapshot }) => snapshot?.role.observed === 'active');
  return active.length === 1 ? active[0] : undefined;
}

/** Without an Active the preferred member stands first. */
function pairOf(
  { works }: Scene,
  cluster: Cluster,
  active: string | undefined,
): ReachedPair<ServerConnection> {
  const preferred = cluster.members.find((member) => member.preferred) ?? cluster.members[0]!;
  const first = cluster.members.find(({ server }) => server === active) ?? preferred;
  const other = cluster.members.find((member) => member !== first)!;
  const connectionOf = (server: string) =>
    works.find(({ wanted }) => wanted.server.id === server)!.connection;
  return {
    cluster,
    first: { member: first, connection: connectionOf(first.server) },
    other: { member: other, connection: connectionOf(other.server) },
  };
}

function outcomeOf(
  { cluster: { id }, first, other }: ReachedPair,
  { difference, lack }: Compared,
): ConfigurationOutcome {
  if (lack !== null) return { lines: [`${id}: not known: ${lack}`], open: [id] };
  if (isSameConfiguration(difference)) {
    const names = `${first.connection.name} and ${other.connection.name}`;
    return { lines: [`${id}: equal: ${difference.same} files are the same on ${names}`], open: [] };
  }
  const names = { first: first.connection.name, other: other.connection.name };
  const sum = `${id}: on ${names.other}, beside ${names.first}: ${differenceSum(difference)}, ${difference.same} are the same`;
  return { lines: [sum, ...differenceWords(difference, names).map((line) => `${id}: ${line}`)], open: [id] };
}

function refused(said: string): ProductError {
  return productError('configuration.refused', said);
}
