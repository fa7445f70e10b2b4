import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { proveCluster, startAgent, startGuards, type MemberWork } from './arming.ts';
import { endBefore, keepBefore } from '../rollback/before-record.ts';
import { configureBalancer } from './balancer-step.ts';
import { onConfiguredServers, type PlaceConfiguration } from './configured-work.ts';
import { executeStep } from './execute-step.ts';
import { connectCopies } from './copy-keys.ts';
import { fitEtcd, seedEtcd } from './etcd-store.ts';
import type { SiteDescription } from './install-file.ts';
import { isOfProgram, planInstall, unitsToRestart, type PlannedStep } from './plan.ts';
import { prepareChange, type PreparedChange } from './prepare-change.ts';
import type { InstallInputs } from './prepare-site.ts';
import { consoleCredentials, saveKeys, saveSite, type SiteKeys } from './profile.ts';
import { firstEpoch, seedStore } from './seed-store.ts';
import { isObserved } from '../../../shared/site/site-rules.ts';
import { noUpgradeCutOff } from '../upgrade/cut-off-upgrade.ts';
import { forgetTouched, noteTouched } from './touched-servers.ts';
import { unitsOf, witnessUnit } from './server-paths.ts';
import { inOrder, inParallel, lookAt, type ServerWork } from './server-work.ts';
import { noLeavingWords } from './leaving-parts.ts';
import type { SiteChange } from './site-change.ts';
import { releaseBalancers, takeOff } from './take-off.ts';
import { recorded, transcriptIn, type RecordProgress } from './transcript.ts';
import { agentAnswers, allObserve, oneActive } from './verify.ts';

const agentStartMs = 30_000;

/** Units that run something older than what was placed, by server. */
export type Restarts = Map<string, Set<string>>;

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
    const prepared = await prepareChange(inputs, record, opened);
    if (!prepared.ok) return prepared;
    const others = prepared.value.works.flatMap(otherVersionAtWork);
    if (others.length > 0) return fail(others);
    const cutOff = await inParallel(prepared.value.works, noUpgradeCutOff);
    if (!cutOff.ok) return cutOff;
    const { works, keys } = prepared.value;
    const configured = { what: 'an installation', works, authority: keys.authority, record };
    const installed = await onConfiguredServers(inputs, configured, (place) =>
      carryOut(inputs, prepared.value, record, place),
    );
    return installed.ok ? succeed({ changed }) : installed;
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** Agents of another version are brought to this one by an upgrade, which proves each and goes back by itself. */
export function otherVersionAtWork({ facts, wanted }: ServerWork): ProductError[] {
  const { currentVersion } = facts;
  const atWork = wanted.units.some((unit) => facts.units.get(unit)?.activeState === 'active');
  if (!atWork || currentVersion === undefined || currentVersion === wanted.version) return [];
  const said = `${wanted.server.name} runs version ${currentVersion}, and this is ${wanted.version}.`;
  const next = 'Bring the site to this version first: npm run site -- upgrade FILE.';
  return [productError('upgrade.refused', said, [], next)];
}

async function carryOut(
  inputs: InstallInputs,
  { keys, works: seen, etcd, change }: PreparedChange,
  record: RecordProgress,
  placeConfiguration: PlaceConfiguration,
): Promise<Result<void, ProductError[]>> {
  const { profileDirectory, document } = inputs;
  const saved = await recorded(record, 'site', 'keys in the profile folder', async () =>
    succeed(await saveKeys(profileDirectory, keys)),
  );
  if (!saved.ok) return fail([saved.error]);
  await noteTouched(profileDirectory, document);
  const before = await keepWhatChanges(seen, change, record);
  if (!before.ok) return before;
  const restarts: Restarts = new Map(seen.map((work) => [work.wanted.server.id, new Set()]));
  const program = await inParallel(seen, (work) => place(work, placing(work, 'program'), keys, record));
  if (!program.ok) return program;
  // Nothing is configured yet: an etcd that is not fit leaves everything as it was.
  const way = etcd && (await fitEtcd({ site: document.site, secrets: etcd, works: seen, record }));
  if (way && !way.ok) return way;
  const numbered = await placeConfiguration();
  if (!numbered.ok) return numbered;
  const left = await takeOff(change.leaving, inputs.leaving ?? noLeavingWords, record);
  if (!left.ok) return left;
  const lookedAgain = await lookAgain(seen, change);
  if (!lookedAgain.ok) return lookedAgain;
  const works = lookedAgain.value;
  const placed = await inParallel(works, async (work) => {
    const done = await place(work, placing(work, 'configuration'), keys, record);
    if (done.ok) restarts.set(work.wanted.server.id, unitsToRestart(done.value));
    return done;
  });
  if (!placed.ok) return placed;
  if (!isObserved(document.site)) {
    const copies = await connectCopies(works, record);
    if (!copies.ok) return copies;
    const armed = await arm(document, works, restarts, record);
    if (!armed.ok) return armed;
  }
  const ask = inputs.createAsk(consoleCredentials(keys));
  const seeded = etcd
    ? await seedEtcd({ site: document.site, secrets: etcd, works, record })
    : await seedWitness(works, restarts, record);
  if (!seeded.ok) return seeded;
  const started = await startAgents(document, works, restarts, record, ask);
  return started.ok ? finish(inputs, works, change, { record, ask }) : started;
}

/** What servers with agents have before anything is changed there, for a roll back; a server that stays as it is keeps what it kept. */
function keepWhatChanges(
  works: readonly ServerWork[],
  { leaving }: SiteChange,
  record: RecordProgress,
): Promise<Result<boolean[], ProductError[]>> {
  const changing = works.filter(
    (work) =>
      work.wanted.units.length > 0 &&
      (planInstall(work.facts, work.wanted).some(({ needed, step }) => needed && step.kind !== 'enrol') ||
        leaving.some((parts) => parts.work === work)),
  );
  return inParallel(changing, ({ connection, wanted }) =>
    recorded(record, wanted.server.id, 'what was here before is kept', () =>
      keepBefore(connection, 'installation'),
    ),
  );
}

/** What was ended on a server is no longer as it was seen. */
function lookAgain(
  works: readonly ServerWork[],
  { leaving }: SiteChange,
): Promise<Result<ServerWork[], ProductError[]>> {
  return inParallel(works, async (work) => {
    if (!leaving.some((parts) => parts.work === work)) return succeed(work);
    const facts = await lookAt(work.connection, work.wanted);
    return facts.ok ? succeed({ ...work, facts: facts.value }) : facts;
  });
}

/** Balancer, profile, and the proof that it works: all that needs running agents. */
export async function finish(
  { document, profileDirectory }: InstallInputs,
  works: readonly ServerWork[],
  change: SiteChange,
  { record, ask }: { readonly record: RecordProgress; readonly ask: AskAgent },
): Promise<Result<void, ProductError[]>> {
  const balanced = await inParallel(
    works.filter((work) => work.wanted.isBalancer),
    (work) => recorded(record, work.wanted.server.id, 'HAProxy', () => configureBalancer(work)),
  );
  if (!balanced.ok) return balanced;
  const released = await releaseBalancers(change.leaving, record);
  if (!released.ok) return released;
  const kept = await recorded(record, 'site', 'site in the profile folder', async () =>
    succeed(await saveSite(profileDirectory, document)),
  );
  if (!kept.ok) return fail([kept.error]);
  await forgetTouched(profileDirectory);
  const { site } = document;
  const verified = await inParallel(site.clusters, ({ id }) =>
    isObserved(site)
      ? recorded(record, 'site', `${id} is only observed`, () => allObserve(ask, site, id))
      : recorded(record, 'site', `${id} has exactly one Active`, () => oneActive(ask, site, id)),
  );
  if (!verified.ok) return verified;
  const ended = await inParallel(
    works.filter(({ wanted }) => wanted.units.length > 0),
    ({ connection }) => endBefore(connection),
  );
  return ended.ok ? succeed(undefined) : ended;
}

/** One of two parts of what is placed on a server: the program alone, or everything that makes it ours. */
export function placing(work: ServerWork, part: 'program' | 'configuration'): PlannedStep[] {
  return planInstall(work.facts, work.wanted).filter(
    ({ step }) => isOfProgram(step) === (part === 'program'),
  );
}

/** Puts things in their place on one server, one step after the other. */
export async function place(
  work: ServerWork,
  steps: readonly PlannedStep[],
  keys: SiteKeys,
  record: RecordProgress,
): Promise<Result<PlannedStep[], ProductError>> {
  const done: PlannedStep[] = [];
  for (const planned of steps) {
    const result = await recorded(record, work.wanted.server.id, planned.title, async () =>
      planned.needed ? executeStep(work.connection, planned.step, keys) : succeed(false),
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
