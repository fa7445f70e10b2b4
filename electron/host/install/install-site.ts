import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import { createAskAgent, type AskAgent } from '../agent-links/agent-requests.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { proveCluster, startAgent, startGuards, type MemberWork } from './arming.ts';
import { configureBalancer } from './balancer-step.ts';
import type { Bundle } from './bundle.ts';
import { executeStep } from './execute-step.ts';
import { serversInUse, type SiteInstallFile } from './install-file.ts';
import { planInstall, unitsToRestart, type PlannedStep } from './plan.ts';
import { preflight } from './preflight.ts';
import { loadOrCreateKeys, saveKeys, saveSite, type SiteKeys } from './profile.ts';
import { unitsOf, witnessUnit } from './server-paths.ts';
import { connectAll, inOrder, inParallel, type ConnectServer, type ServerWork } from './server-work.ts';
import { firstEpoch, seedingErrors, seedStore } from './seed-store.ts';
import { recorded, transcriptIn, type RecordProgress } from './transcript.ts';
import { agentAnswers, oneActive } from './verify.ts';
import { wantedServer } from './wanted-server.ts';

const agentStartMs = 30_000;

export interface InstallInputs {
  readonly document: SiteInstallFile;
  /** Where this workstation keeps the site; made when missing. */
  readonly profileDirectory: string;
  readonly bundle: Bundle;
  readonly connect: ConnectServer;
  readonly sshAgentSocket?: string | undefined;
  readonly onProgress: RecordProgress;
}

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
    const prepared = await prepare(inputs, record, opened);
    if (!prepared.ok) return prepared;
    const installed = await carryOut(inputs, prepared.value, record);
    return installed.ok ? succeed({ changed }) : installed;
  } finally {
    for (const connection of opened) connection.close();
  }
}

interface Prepared {
  readonly keys: SiteKeys;
  readonly works: readonly ServerWork[];
}

async function prepare(
  inputs: InstallInputs,
  record: RecordProgress,
  opened: ServerConnection[],
): Promise<Result<Prepared, ProductError[]>> {
  const { document, bundle } = inputs;
  const enginePassword = await readPassword(document.engineApi.passwordFile);
  if (!enginePassword.ok) return fail([enginePassword.error]);
  const keys = await loadOrCreateKeys(inputs.profileDirectory, document.site.id);
  if (!keys.ok) return fail([keys.error]);
  const wantedInputs = {
    site: document.site,
    bundle,
    authorityPem: keys.value.authority.certificatePem,
    enginePassword: enginePassword.value,
  };
  const wanted = serversInUse(document.site).map((id) => wantedServer(wantedInputs, id));
  const { connect, sshAgentSocket } = inputs;
  const works = await connectAll({ document, wanted, connect, sshAgentSocket, record, opened });
  if (!works.ok) return works;
  const fit = await inParallel(works.value, (work) =>
    recorded(record, work.wanted.server.id, 'fit to be installed', async () => {
      const [first, ...others] = preflight(work.facts, work.wanted);
      if (!first) return succeed(false);
      const more = others.map((error) => `also: ${error.message} [${error.code}]`);
      return fail({ ...first, details: [...(first.details ?? []), ...more] });
    }),
  );
  if (!fit.ok) return fit;
  const clusters = document.site.clusters.map((cluster) => cluster.id);
  const lost = seedingErrors(clusters, works.value);
  return lost.length > 0 ? fail(lost) : succeed({ keys: keys.value, works: works.value });
}

async function carryOut(
  inputs: InstallInputs,
  { keys, works }: Prepared,
  record: RecordProgress,
): Promise<Result<void, ProductError[]>> {
  const { profileDirectory, document } = inputs;
  const saved = await recorded(record, 'site', 'keys in the profile folder', async () =>
    succeed(await saveKeys(profileDirectory, keys)),
  );
  if (!saved.ok) return fail([saved.error]);
  const restarts = new Map<string, Set<string>>();
  const placed = await inParallel(works, async (work) => {
    const done = await place(work, keys, record);
    if (done.ok) restarts.set(work.wanted.server.id, unitsToRestart(done.value, work.wanted));
    return done;
  });
  if (!placed.ok) return placed;
  const armed = await arm(document, works, restarts, record);
  if (!armed.ok) return armed;
  const ask = createAskAgent({
    authority: keys.authority.certificatePem,
    certificate: keys.console.certificatePem,
    key: keys.console.privateKeyPem,
  });
  const started = await startAgents(document, works, restarts, record, ask);
  if (!started.ok) return started;
  const balanced = await inParallel(
    works.filter((work) => work.wanted.isBalancer),
    (work) => recorded(record, work.wanted.server.id, 'HAProxy', () => configureBalancer(work)),
  );
  if (!balanced.ok) return balanced;
  const kept = await recorded(record, 'site', 'site in the profile folder', async () =>
    succeed(await saveSite(profileDirectory, document)),
  );
  if (!kept.ok) return fail([kept.error]);
  const verified = await inParallel(document.site.clusters, (cluster) =>
    recorded(record, 'site', `${cluster.id} has exactly one Active`, () =>
      oneActive(ask, document.site, cluster.id),
    ),
  );
  return verified.ok ? succeed(undefined) : verified;
}

/** Puts everything in its place on one server, one step after the other. */
async function place(
  work: ServerWork,
  keys: SiteKeys,
  record: RecordProgress,
): Promise<Result<PlannedStep[], ProductError>> {
  const done: PlannedStep[] = [];
  for (const planned of planInstall(work.facts, work.wanted)) {
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
  document: SiteInstallFile,
  works: readonly ServerWork[],
  restarts: ReadonlyMap<string, ReadonlySet<string>>,
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

/** The witness first, then the agents one by one, the preferred member of each cluster before the other. */
async function startAgents(
  document: SiteInstallFile,
  works: readonly ServerWork[],
  restarts: ReadonlyMap<string, Set<string>>,
  record: RecordProgress,
  ask: AskAgent,
): Promise<Result<void, ProductError[]>> {
  const stores = works.filter((work) => work.wanted.isWitness);
  const seeded = await inOrder(stores, async (work) => {
    const { id } = work.wanted.server;
    const result = await recorded(record, id, 'first records of the lease store', () =>
      seedStore(work, firstEpoch(works)),
    );
    if (result.ok && result.value) restarts.get(id)?.add(witnessUnit);
    return result;
  });
  if (!seeded.ok) return seeded;
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

/** Only looks: connects, gathers facts, and says what would be refused or changed. */
export async function checkSite(
  inputs: InstallInputs,
): Promise<Result<{ readonly changes: readonly string[] }, ProductError[]>> {
  const opened: ServerConnection[] = [];
  try {
    const prepared = await prepare(inputs, inputs.onProgress, opened);
    if (!prepared.ok) return prepared;
    const changes = prepared.value.works.flatMap((work) =>
      planInstall(work.facts, work.wanted)
        .filter((planned) => planned.needed && planned.step.kind !== 'enrol')
        .map((planned) => `${work.wanted.server.id}: ${planned.title}`),
    );
    return succeed({ changes });
  } finally {
    for (const connection of opened) connection.close();
  }
}

async function readPassword(file: string): Promise<Result<string, ProductError>> {
  try {
    return succeed((await readFile(file, 'utf8')).replace(/\r?\n$/, ''));
  } catch (cause) {
    const said = `The engine's password file ${file} cannot be read.`;
    return fail(productError('site.missing', said, [(cause as Error).message]));
  }
}
