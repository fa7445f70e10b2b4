import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { proveCluster, startGuardsOf, takeGatesOff, type MemberWork } from '../install/arming.ts';
import { onConfiguredServers, type PlaceConfiguration } from '../install/configured-work.ts';
import { connectCopies } from '../install/copy-keys.ts';
import { serversInUse } from '../install/install-file.ts';
import { finish, otherVersionAtWork, place, placing } from '../install/install-site.ts';
import { modeRefusal } from './installed-mode.ts';
import { installRefusals, prepareSite, type InstallInputs, type Prepared } from '../install/prepare-site.ts';
import { consoleCredentials } from '../install/profile.ts';
import { placesOf, unitsOf } from '../install/server-paths.ts';
import { inOrder, inParallel, type ServerWork } from '../install/server-work.ts';
import { recorded, transcriptIn } from '../install/transcript.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { askMembers } from '../upgrade/ask-site.ts';
import { noUpgradeCutOff } from '../upgrade/cut-off-upgrade.ts';
import { armingRefusals, clusterArming, type ClusterArming } from './arm-plan.ts';
import { backToObserving, guardRunning, setMode, untilTold, type ModeScene } from './member-mode.ts';

/** A site that was looked at, and how each of its clusters would be armed. */
interface ArmingScene extends ModeScene {
  readonly inputs: InstallInputs;
  readonly prepared: Prepared;
  readonly plans: readonly ClusterArming[];
  /** Clusters of which a member may be armed, or on its way there: their gates stay, whatever goes wrong. */
  readonly beyond: Set<string>;
}

/**
 * Arms a site that was only observed, engine by engine, without stopping one. A running engine is taken over first: its
 * agent gets the lease and writes the guards' deadline; only then its guards are started, and only after it is Active
 * the other member is armed. Run again it goes on where it stopped. Errors: arm.refused with every reason, nothing
 * changed; arm.half-done; ssh.* and install.*.
 */
export function armSite(inputs: InstallInputs): Promise<Result<string[], ProductError[]>> {
  return lookedAt(inputs, (scene) => {
    const { prepared, record } = scene;
    const { works, keys } = prepared;
    const configured = { what: 'arming', works, authority: keys.authority, record };
    return onConfiguredServers(scene.inputs, configured, (place) => armAll(scene, place));
  });
}

/** The armed site is the one that servers carry from the first engine that is taken over. */
async function armAll(
  scene: ArmingScene,
  placeConfiguration: PlaceConfiguration,
): Promise<Result<string[], ProductError[]>> {
  const { inputs, prepared, plans, record, ask } = scene;
  const placed = await placeAll(scene);
  if (!placed.ok) return placed;
  const numbered = await placeConfiguration();
  if (!numbered.ok) return withoutGates(scene, numbered.error);
  const armed = await inOrder(plans, async (plan) => {
    const done = await armCluster(scene, plan);
    return done.ok ? succeed(plan.cluster) : fail(done.error[0]!);
  });
  if (!armed.ok) return withoutGates(scene, armed.error);
  const finished = await finish(inputs, prepared.works, { leaving: [], lines: [] }, { record, ask });
  return finished.ok ? succeed(armed.value.map((cluster) => `${cluster} is armed.`)) : finished;
}

/** Only looks: the reasons not to arm as errors, or what would be changed on each server, in its order. */
export function planArming(inputs: InstallInputs): Promise<Result<string[], ProductError[]>> {
  return lookedAt(inputs, ({ prepared, plans }) => {
    const lines = prepared.works.flatMap((work) => changesOn(work, plans));
    return Promise.resolve(succeed(lines.length > 0 ? lines : ['Nothing to change: the site is armed.']));
  });
}

/** Connects, looks, asks every agent, and goes on if nothing speaks against arming. */
async function lookedAt(
  unarmed: InstallInputs,
  goOn: (scene: ArmingScene) => Promise<Result<string[], ProductError[]>>,
): Promise<Result<string[], ProductError[]>> {
  const opened: ServerConnection[] = [];
  const inputs = { ...unarmed, document: { ...unarmed.document, site: armed(unarmed.document.site) } };
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  try {
    const refusal = await modeRefusal(inputs);
    if (refusal !== null) return fail([refusal]);
    const servers = serversInUse(inputs.document.site);
    const prepared = await prepareSite(inputs, record, opened, servers, armRefusals);
    if (!prepared.ok) return prepared;
    const { works, wantedInputs, keys } = prepared.value;
    const others = works.flatMap(otherVersionAtWork);
    if (others.length > 0) return fail(others);
    const unfit = await inParallel(works, noUpgradeCutOff);
    if (!unfit.ok) return unfit;
    const ask = inputs.createAsk(consoleCredentials(keys));
    const asked = await Promise.all(
      inputs.document.site.clusters.map(async ({ id }) => ({
        id,
        members: await askMembers(ask, inputs.document.site, id),
      })),
    );
    const refusals = asked.flatMap(({ id, members }) => armingRefusals(id, members));
    if (refusals.length > 0) return fail(refusals);
    const plans = asked.map(({ id, members }) => clusterArming(id, members));
    const beyond = new Set(plans.filter((plan) => isBeyond(plan, works)).map(({ cluster }) => cluster));
    return await goOn({ inputs, prepared: prepared.value, plans, beyond, wantedInputs, keys, ask, record });
  } finally {
    for (const connection of opened) connection.close();
  }
}

function armed({ mode: _observed, ...site }: SiteDocument): SiteDocument {
  return site;
}

/** A running engine that nothing protects is what arming is for. */
function armRefusals(work: ServerWork): ProductError[] {
  return installRefusals(work).filter(
    ({ code }) => code !== 'install.engine-running' && code !== 'arm.refused',
  );
}

/** Everything in its place but what tells agents their mode: one that is started anew meanwhile stays what it is. */
function steps(work: ServerWork, plans: readonly ClusterArming[], part: 'program' | 'configuration') {
  const waiting = new Set(unarmedOn(work, plans).map(({ cluster }) => placesOf(cluster).config));
  return placing(work, part).filter(({ step }) => step.kind !== 'file' || !waiting.has(step.file.path));
}

function unarmedOn({ wanted }: ServerWork, plans: readonly ClusterArming[]): ClusterArming[] {
  const { id } = wanted.server;
  return plans.filter(({ observing, arming }) => observing.includes(id) || arming.includes(id));
}

function changesOn(work: ServerWork, plans: readonly ClusterArming[]): string[] {
  const { server } = work.wanted;
  const placed = (['program', 'configuration'] as const)
    .flatMap((part) => steps(work, plans, part))
    .filter(({ needed, step }) => needed && step.kind !== 'enrol')
    .map(({ title }) => title);
  const turned = unarmedOn(work, plans).map(({ cluster, active }) =>
    active === server.id
      ? `the engine of ${cluster} runs on: its agent gets the lease, then its guards are started`
      : `${cluster} is armed as Passive, with its guards`,
  );
  return [...placed, ...turned].map((line) => `${server.id}: ${line}`);
}

async function placeAll(scene: ArmingScene): Promise<Result<void, ProductError[]>> {
  const { prepared, plans, record, keys } = scene;
  const { works } = prepared;
  for (const part of ['program', 'configuration'] as const) {
    const placed = await inParallel(works, (work) => place(work, steps(work, plans, part), keys, record));
    if (!placed.ok) return withoutGates(scene, placed.error);
  }
  const copies = await connectCopies(works, record);
  if (!copies.ok) return withoutGates(scene, copies.error);
  const proven = await inOrder(plans, async ({ cluster }) => {
    const done = await proveCluster(membersOf(works, cluster), record);
    return done.ok ? succeed(true) : fail(done.error[0]!);
  });
  return proven.ok ? succeed(undefined) : withoutGates(scene, proven.error);
}

/**
 * Where nothing was taken over yet engines can be started by whoever started them before. A cluster that has a member
 * beyond that keeps its gates: its other engine must not start beside the Active.
 */
async function withoutGates(
  { prepared, plans, beyond, record }: ArmingScene,
  errors: ProductError[],
): Promise<Result<never, ProductError[]>> {
  const untouched = plans.filter(({ cluster }) => !beyond.has(cluster));
  const members = untouched.flatMap(({ cluster }) => membersOf(prepared.works, cluster));
  return fail([...errors, ...(await takeGatesOff(members, record))]);
}

/** One of its members does more than to observe. */
function isBeyond({ cluster, observing }: ClusterArming, works: readonly ServerWork[]): boolean {
  return membersOf(works, cluster).some(({ work }) => !observing.includes(work.wanted.server.id));
}

function membersOf(works: readonly ServerWork[], cluster: string): MemberWork[] {
  return works.flatMap((work) =>
    work.wanted.engines
      .filter((engine) => engine.cluster === cluster)
      .map((engine): MemberWork => ({ work, engine })),
  );
}

/** The member whose engine runs first: nobody else may take over before it is protected. */
async function armCluster(scene: ArmingScene, plan: ClusterArming): Promise<Result<void, ProductError[]>> {
  const members = membersOf(scene.prepared.works, plan.cluster);
  const isActive = ({ work }: MemberWork) => work.wanted.server.id === plan.active;
  const unarmed = ({ work }: MemberWork) =>
    [...plan.observing, ...plan.arming].includes(work.wanted.server.id);
  for (const member of members.filter((one) => isActive(one) && unarmed(one))) {
    const taken = await takeOverRunning(scene, plan, member);
    if (!taken.ok) return fail([taken.error]);
  }
  const preferred = scene.wantedInputs.site.clusters
    .find(({ id }) => id === plan.cluster)
    ?.members.find((one) => one.preferred)?.server;
  const rest = members
    .filter((one) => !isActive(one) && unarmed(one))
    .toSorted((one, other) => rank(one, preferred) - rank(other, preferred));
  for (const member of rest) {
    const stopped = await armStopped(scene, member);
    if (!stopped.ok) return stopped;
  }
  return succeed(undefined);
}

function rank({ work }: MemberWork, preferred: string | undefined): number {
  return work.wanted.server.id === preferred ? 0 : 1;
}

async function takeOverRunning(
  scene: ArmingScene,
  { arming }: ClusterArming,
  member: MemberWork,
): Promise<Result<boolean, ProductError>> {
  const { record } = scene;
  const { id } = member.work.wanted.server;
  const { cluster, unit } = member.engine;
  const wasBeyond = scene.beyond.has(cluster);
  scene.beyond.add(cluster);
  const taken = await recorded(record, id, `agent of ${cluster} takes the running ${unit} over`, async () => {
    const set = arming.includes(id) ? succeed(false) : await setMode(scene, member, 'arming');
    return set.ok ? untilTold(scene, member, notTakenOver) : set;
  });
  if (!taken.ok) {
    const back = await recorded(record, id, `agent of ${cluster} observes again`, () =>
      backToObserving(scene, member),
    );
    if (back.ok && !wasBeyond) scene.beyond.delete(cluster);
    return taken;
  }
  const guarded = await recorded(record, id, `guards of the running ${unit}`, async () => {
    const started = await guardRunning(member);
    return started.ok ? untilTold(scene, member, notGuarded) : started;
  });
  if (!guarded.ok) return guarded;
  return recorded(record, id, `agent of ${cluster} is armed`, async () => {
    const set = await setMode(scene, member, 'armed');
    return set.ok ? untilTold(scene, member, notActive) : set;
  });
}

async function armStopped(scene: ArmingScene, member: MemberWork): Promise<Result<void, ProductError[]>> {
  const { record } = scene;
  const { work, engine } = member;
  scene.beyond.add(engine.cluster);
  const guards = await startGuardsOf(work, [engine.cluster], new Set(unitsOf(engine.cluster).guards), record);
  if (!guards.ok) return guards;
  const armed = await recorded(
    record,
    work.wanted.server.id,
    `agent of ${engine.cluster} is armed`,
    async () => {
      const set = await setMode(scene, member, 'armed');
      return set.ok ? untilTold(scene, member, notArmed) : set;
    },
  );
  return armed.ok ? succeed(undefined) : fail([armed.error]);
}

function notTakenOver({ mode, lease, activeAnswer, engine }: MemberSnapshot): string | null {
  if (mode === undefined) return null;
  if (mode !== 'arming') return 'it still observes';
  if (engine.process.value !== 'running') return 'its engine is not seen running';
  if (lease.state !== 'held') return 'it holds no lease';
  return activeAnswer === '200' ? null : 'it does not serve';
}

function notGuarded({ guards, engine }: MemberSnapshot): string | null {
  if (engine.process.value !== 'running') return 'its engine is not seen running';
  return guards.every(({ beating }) => beating) ? null : 'its guards do not beat';
}

function notArmed({ mode }: MemberSnapshot): string | null {
  return mode === undefined ? null : 'it does not work as an armed member';
}

function notActive(snapshot: MemberSnapshot): string | null {
  const { role, engine } = snapshot;
  if (engine.process.value !== 'running') return 'its engine is not seen running';
  return notArmed(snapshot) ?? (role.observed === 'active' ? null : `it is ${role.observed}`);
}
