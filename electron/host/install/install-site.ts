import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { proveCluster, startAgent, startGuards, type MemberWork } from './arming.ts';
import { configureBalancer } from './balancer-step.ts';
import { executeStep } from './execute-step.ts';
import { connectCopies } from './copy-keys.ts';
import { fitEtcd, seedEtcd } from './etcd-store.ts';
import type { SiteDescription } from './install-file.ts';
import { isOfProgram, planInstall, unitsToRestart, type PlannedStep } from './plan.ts';
import { prepareSite, type InstallInputs, type Prepared } from './prepare-site.ts';
import { consoleCredentials, saveKeys, saveSite, type SiteKeys } from './profile.ts';
import { firstEpoch, seedStore } from './seed-store.ts';
import { unitsOf, witnessUnit } from './server-paths.ts';
import { inOrder, inParallel, type ServerWork } from './server-work.ts';
import { recorded, transcriptIn, type RecordProgress } from './transcript.ts';
import { agentAnswers, oneActive } from './verify.ts';

const agentStartMs = 30_000;

/** Units that run something older than what was placed, by server. */
type Restarts = Map<string, Set<string>>;

export interface InstallOutcome {
  /** False: everything was already as wanted. */
  readonly changed: boolean;
}

/**
 * Installs or repairs a whole site. Every server is looked at before any is changed; every step looks
 * first and changes only what differs, so running it again continues where it stopped. A running engine
 * is never touched. All errors are returned together.
 */
export async function installSite(inputs: InstallInputs): Promise<Result<InstallOutcome, ProductError[]>> {
  const opened: ServerConnection[] = [];
  let changed = false;
  const record = transcriptIn(inputs.profileDirectory, (progress) => {
    changed ||= progress.changed === true;
    inputs.onProgress(progress);
  });
  try {
    const prepared = await prepareSite(inputs, record, opened);
    if (!prepared.ok) return prepared;
    const others = prepared.value.works.flatMap(otherVersionAtWork);
    if (others.length > 0) return fail(others);
    const installed = await carryOut(inputs, prepared.value, record);
    return installed.ok ? succeed({ changed }) : installed;
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** Agents of another version are brought to this one by an upgrade, which proves each and goes back by itself. */
function otherVersionAtWork({ facts, wanted }: ServerWork): ProductError[] {
  const { currentVersion } = facts;
  const atWork = wanted.units.some((unit) => facts.units.get(unit)?.activeState === 'active');
  if (!atWork || currentVersion === undefined || currentVersion === wanted.version) return [];
  const said = `${wanted.server.name} runs version ${currentVersion}, and this is ${wanted.version}.`;
  const next = 'Bring the site to this version first: npm run site -- upgrade FILE.';
  return [productError('upgrade.refused', said, [], next)];
}

async function carryOut(
  inputs: InstallInputs,
  { keys, works, etcd }: Prepared,
  record: RecordProgress,
): Promise<Result<void, ProductError[]>> {
  const { profileDirectory, document } = inputs;
  const saved = await recorded(record, 'site', 'keys in the profile folder', async () =>
    succeed(await saveKeys(profileDirectory, keys)),
  );
  if (!saved.ok) return fail([saved.error]);
  const restarts: Restarts = new Map(works.map((work) => [work.wanted.server.id, new Set()]));
  const program = await inParallel(works, (work) => place(work, placing(work, 'program'), keys, record));
  if (!program.ok) return program;
  // Nothing is configured yet: an etcd that is not fit leaves everything as it was.
  const way = etcd && (await fitEtcd({ site: document.site, secrets: etcd, works, record }));
  if (way && !way.ok) return way;
  const placed = await inParallel(works, async (work) => {
    const done = await place(work, placing(work, 'configuration'), keys, record);
    if (done.ok) restarts.set(work.wanted.server.id, unitsToRestart(done.value));
    return done;
  });
  if (!placed.ok) return placed;
  const copies = await connectCopies(works, record);
  if (!copies.ok) return copies;
  const armed = await arm(document, works, restarts, record);
  if (!armed.ok) return armed;
  const ask = inputs.createAsk(consoleCredentials(keys));
  const seeded = etcd
    ? await seedEtcd({ site: document.site, secrets: etcd, works, record })
    : await seedWitness(works, restarts, record);
  if (!seeded.ok) return seeded;
  const started = await startAgents(document, works, restarts, record, ask);
  return started.ok ? finish(inputs, works, record, ask) : started;
}

/** Balancer, profile, and the proof that it works: all that needs running agents. */
async function finish(
  { document, profileDirectory }: InstallInputs,
  works: readonly ServerWork[],
  record: RecordProgress,
  ask: AskAgent,
): Promise<Result<void, ProductError[]>> {
  const balanced = await inParallel(
    works.filter((work) => work.wanted.isBalancer),
    (work) => recorded(record, work.wanted.server.id, 'HAProxy', () => configureBalancer(work)),
  );
  if (!balanced.ok) return balanced;
  const kept = await recorded(record, 'site', 'site in the profile folder', async () =>
    succeed(await saveSite(profileDirectory, document)),
  );
  if (!kept.ok) return fail([kept.error]);
  const { site } = document;
  const verified = await inParallel(site.clusters, ({ id }) =>
    recorded(record, 'site', `${id} has exactly one Active`, () => oneActive(ask, site, id)),
  );
  return verified.ok ? succeed(undefined) : verified;
}

/** One of two parts of what is placed on a server: the program alone, or everything that makes it ours. */
function placing(work: ServerWork, part: 'program' | 'configuration'): PlannedStep[] {
  return planInstall(work.facts, work.wanted).filter(
    ({ step }) => isOfProgram(step) === (part === 'program'),
  );
}

/** Puts things in their place on one server, one step after the other. */
async function place(
  work: ServerWork,
  steps: readonly PlannedStep[],
  keys: SiteKeys,
  record: RecordProgress,
): Promise<Result<PlannedStep[], ProductError>> {
  const done: PlannedStep[] = [];
  for (const planned of steps) {
    const result = await recorded(record, work.wanted.server.id, planned.title, async () =>
      planned.needed ? executeStep(work.connection, planned.step, keys.authority) : succeed(false),
    );
    if (!result.ok) return result;
    done.push({ ...planned, needed: result.value });
  }
  return succeed(done);
}

/** Guards everywhere, then the proof of each cluster. Nothing runs yet that could start an engine. */
async function arm(
  document: SiteDescription,
  works: readonly ServerWork[],
  restarts: Restarts,
  record: RecordProgress,
): Promise<Result<void, ProductError[]>> {
  const guarded = await inParallel(works, (work) =>
    startGuards(work, restarts.get(work.wanted.server.id) ?? new Set(), record),
  );
  if (!guarded.ok) return guarded;
  const proven = await inParallel(document.site.clusters, async (cluster) => {
    const members = works.flatMap((work): MemberWork[] =>
      work.wanted.engines
        .filter((engine) => engine.cluster === cluster.id)
        .map((engine) => ({ work, engine })),
    );
    return proveCluster(members, record);
  });
  return proven.ok ? succeed(undefined) : proven;
}

/** First records of the witness, of a site that never ran. */
function seedWitness(
  works: readonly ServerWork[],
  restarts: Restarts,
  record: RecordProgress,
): Promise<Result<boolean[], ProductError[]>> {
  const stores = works.filter((work) => work.wanted.isWitness);
  return inOrder(stores, async (work) => {
    const { id } = work.wanted.server;
    const seed = () => seedStore(work, firstEpoch(works));
    const result = await recorded(record, id, 'first records of the lease store', seed);
    if (result.ok && result.value) restarts.get(id)?.add(witnessUnit);
    return result;
  });
}

/** The witness first, then the agents one by one, the preferred member of each cluster before the other. */
async function startAgents(
  document: SiteDescription,
  works: readonly ServerWork[],
  restarts: Restarts,
  record: RecordProgress,
  ask: AskAgent,
): Promise<Result<void, ProductError[]>> {
  const preferred = document.site.clusters.flatMap((cluster) =>
    cluster.members.filter((member) => member.preferred).map((member) => `${cluster.id} ${member.server}`),
  );
  const rank = (cluster: string | null, server: string) =>
    cluster === null ? 0 : preferred.includes(`${cluster} ${server}`) ? 1 : 2;
  const endpoints = agentEndpoints(document.site).toSorted(
    (one, other) => rank(one.cluster, one.server) - rank(other.cluster, other.server),
  );
  const started = await inOrder(endpoints, async (endpoint) => {
    const work = works.find((candidate) => candidate.wanted.server.id === endpoint.server)!;
    const unit = endpoint.cluster === null ? witnessUnit : unitsOf(endpoint.cluster).agent;
    const up = await startAgent(work, unit, restarts.get(endpoint.server) ?? new Set(), record);
    if (!up.ok) return up;
    return recorded(record, endpoint.server, `${endpoint.name} answers over mutual TLS`, () =>
      agentAnswers(ask, endpoint, agentStartMs),
    );
  });
  return started.ok ? succeed(undefined) : started;
}
