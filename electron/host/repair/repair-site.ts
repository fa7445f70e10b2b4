import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { ensureUnit, guardMayStart } from '../install/arming.ts';
import { configureBalancer } from '../install/balancer-step.ts';
import { onConfiguredServers } from '../install/configured-work.ts';
import { executeStep } from '../install/execute-step.ts';
import { proveGuards } from '../install/guard-proof.ts';
import { serversInUse } from '../install/install-file.ts';
import { isOfProgram, planInstall, unitsToRestart, type PlannedStep } from '../install/plan.ts';
import { isProven } from '../install/preflight.ts';
import { installRefusals, prepareSite, type InstallInputs } from '../install/prepare-site.ts';
import { consoleCredentials, type SiteKeys } from '../install/profile.ts';
import { placesOf, startedMark, unitsOf } from '../install/server-paths.ts';
import { inOrder, inParallel, lookAt, type ServerWork } from '../install/server-work.ts';
import { recorded, transcriptIn } from '../install/transcript.ts';
import type { WantedServer } from '../install/wanted-server.ts';
import { moveUnderWay } from '../move-store/move-record.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { noUpgradeCutOff } from '../upgrade/cut-off-upgrade.ts';
import { choiceRefusal, siteRefusal, type ServerChoice } from '../upgrade/installed-site.ts';
import { restartProtected } from '../upgrade/restart-in-order.ts';
import type { UpgradeScene } from '../upgrade/restart-and-prove.ts';
import { serverByServer } from '../upgrade/server-by-server.ts';
import { upgradeLimits, type UpgradeLimits } from '../upgrade/upgrade-limits.ts';
import { differencesOf } from './differences.ts';

/** What is not as the installer would put it on one server. */
export interface ServerDifferences {
  readonly server: string;
  readonly differences: readonly string[];
}

/**
 * Compares what is on every server with what the installer would put there. Changes nothing.
 * Errors: repair.refused (another site file, another version, nothing installed), install.* for what keeps any agent
 * from working there, ssh.*.
 */
export async function lookAtDifferences(
  inputs: InstallInputs,
  choice: ServerChoice,
): Promise<Result<ServerDifferences[], ProductError[]>> {
  return withServers(inputs, choice, async ({ works, keys }) =>
    inParallel(works, async (work) => {
      const found = await differencesOf(work, keys);
      return found.ok ? succeed({ server: work.wanted.server.id, differences: found.value }) : found;
    }),
  );
}

/**
 * Mends on each server what differs and nothing else, one server after the other. No engine is started or stopped: what
 * does not run of the product is started, and what runs something older is restarted only while its cluster could lose
 * its Active, and proven like after an upgrade. Answers what was mended; empty lists: everything was whole.
 */
export async function repairSite(
  inputs: InstallInputs,
  choice: ServerChoice,
  limits: UpgradeLimits = upgradeLimits,
): Promise<Result<ServerDifferences[], ProductError[]>> {
  return withServers(inputs, choice, ({ works, keys, record }) => {
    const configured = { what: 'a repair', works, authority: keys.authority, record };
    return onConfiguredServers(inputs, configured, async (place) => {
      const numbered = await place();
      if (!numbered.ok) return numbered;
      const ask = inputs.createAsk(consoleCredentials(keys));
      const { site } = inputs.document;
      return serverByServer({ site, ask, record, limits }, choice, works, async (scene, work) => {
        const { id } = work.wanted.server;
        const before = await differencesOf(work, keys);
        if (!before.ok) return before;
        if (before.value.length === 0) return succeed({ server: id, differences: [] });
        const mended = await mendServer(scene, work, keys);
        if (!mended.ok) return mended;
        const still = await recorded(record, id, 'whole again', () => wholeNow(work, keys));
        return still.ok ? succeed({ server: id, differences: before.value }) : still;
      });
    });
  });
}

/** One line a difference, for people. Pure. */
export function differenceLines(servers: readonly ServerDifferences[]): string[] {
  return servers.flatMap(({ server, differences }) =>
    differences.length === 0
      ? [`${server}: whole`]
      : differences.map((difference) => `${server}: ${difference}`),
  );
}

interface Reached {
  readonly works: readonly ServerWork[];
  readonly keys: SiteKeys;
  readonly record: UpgradeScene['record'];
}

async function withServers<Value>(
  inputs: InstallInputs,
  choice: ServerChoice,
  work: (reached: Reached) => Promise<Result<Value, ProductError[]>>,
): Promise<Result<Value, ProductError[]>> {
  const { site } = inputs.document;
  const servers = serversInUse(site);
  const refusal = (await siteRefusal(inputs)) ?? choiceRefusal(site, choice, servers);
  if (refusal !== null) return fail([refused(refusal)]);
  const moving = await moveUnderWay(inputs.profileDirectory);
  if (moving !== null) return fail([moving]);
  const opened: ServerConnection[] = [];
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  try {
    const wanted = choice.server === undefined ? servers : [choice.server];
    const prepared = await prepareSite(inputs, record, opened, wanted, repairRefusals);
    if (!prepared.ok) return prepared;
    const { works, keys } = prepared.value;
    const unfit = await inParallel(works, noUpgradeCutOff);
    return unfit.ok ? await work({ works, keys, record }) : unfit;
  } finally {
    for (const connection of opened) connection.close();
  }
}

function refused(message: string): ProductError {
  return productError('repair.refused', message);
}

/** A repair is for a server that has this version, in whatever state. */
function repairRefusals(work: ServerWork): ProductError[] {
  const { wanted, facts } = work;
  const { name } = wanted.server;
  const { currentVersion, site } = facts;
  if (wanted.units.length > 0 && currentVersion === undefined && site === undefined) {
    return [refused(`Nothing of the product is on ${name}. Install it there: npm run site -- install FILE.`)];
  }
  if (wanted.units.length > 0 && currentVersion !== undefined && currentVersion !== wanted.version) {
    const said = `${name} has version ${currentVersion}, and this console ${wanted.version}.`;
    return [refused(`${said} Bring it to one version first: npm run site -- upgrade FILE.`)];
  }
  // An engine that runs without its gate is what an installation must not find and a repair must mend, beside its agent.
  const isHeld = wanted.engines.every(
    ({ cluster }) =>
      facts.proofs.has(placesOf(cluster).guardProof) &&
      facts.units.get(unitsOf(cluster).agent)?.activeState === 'active',
  );
  return installRefusals(work).filter(({ code }) => code !== 'install.engine-running' || !isHeld);
}

const isAgent = (unit: string) => unit.startsWith('ixha-agent@');

async function mendServer(
  scene: UpgradeScene,
  work: ServerWork,
  keys: SiteKeys,
): Promise<Result<unknown, ProductError>> {
  const { wanted, connection } = work;
  const { record } = scene;
  const { id } = wanted.server;
  const placed = await placeAll(scene, work, keys);
  if (!placed.ok) return placed;
  const facts = await lookAt(connection, wanted);
  if (!facts.ok) return facts;
  const now = { wanted, connection, facts: facts.value };
  const stale = unitsToRestart(placed.value);
  const isStale = (unit: string) => stale.has(unit) || !now.facts.files.has(startedMark(unit));
  const isUp = (unit: string) => now.facts.units.get(unit)?.activeState === 'active';
  const toStart = wanted.units.filter((unit) => !isUp(unit) || !isStale(unit));
  const start = (units: readonly string[]) =>
    inOrder(units, (unit) =>
      recorded(record, id, `${unit} runs`, async () => {
        const may = await guardMayStart(now, unit);
        return may.ok ? ensureUnit(now, unit, new Set()) : may;
      }),
    );
  // An agent may become Active: not before it is proven that its engine can be killed.
  const guarded = await start(toStart.filter((unit) => !isAgent(unit)));
  if (!guarded.ok) return fail(guarded.error[0]!);
  const proven = await inOrder(
    wanted.engines.filter((engine) => !isProven(now.facts, engine, ['engine', 'stand-in'])),
    (engine) =>
      recorded(record, id, `kill of a stand-in for ${engine.unit}`, () =>
        proveGuards(connection, engine, 'stand-in'),
      ),
  );
  if (!proven.ok) return fail(proven.error[0]!);
  const started = await start(toStart.filter(isAgent));
  if (!started.ok) return fail(started.error[0]!);
  const restarted = await restartProtected(scene, now, wanted.version, (unit) => isUp(unit) && isStale(unit));
  if (!restarted.ok || !wanted.isBalancer) return restarted;
  return recorded(record, id, 'HAProxy', () => configureBalancer(now));
}

async function placeAll(
  { record }: UpgradeScene,
  { wanted, facts, connection }: ServerWork,
  keys: SiteKeys,
): Promise<Result<PlannedStep[], ProductError>> {
  const placed: PlannedStep[] = [];
  const needed = planInstall(facts, wanted).filter((planned) => planned.needed);
  for (const planned of needed.map((one) => withRestarts(one, wanted))) {
    const { step, title } = planned;
    const done = await recorded(record, wanted.server.id, title, () => executeStep(connection, step, keys));
    if (!done.ok) return done;
    placed.push({ ...planned, needed: done.value });
  }
  return succeed(placed);
}

/** A file of the program is placed once, before anything runs it: one that is mended is run by every unit already. */
function withRestarts(planned: PlannedStep, { units }: WantedServer): PlannedStep {
  const { step } = planned;
  const ofProgram = step.kind === 'file' && isOfProgram(step);
  return ofProgram
    ? { ...planned, step: { kind: 'file', file: { ...step.file, restarts: units } } }
    : planned;
}

async function wholeNow(work: ServerWork, keys: SiteKeys): Promise<Result<boolean, ProductError>> {
  const facts = await lookAt(work.connection, work.wanted);
  if (!facts.ok) return facts;
  const left = await differencesOf({ ...work, facts: facts.value }, keys);
  if (!left.ok) return left;
  if (left.value.length === 0) return succeed(false);
  return fail(productError('repair.not-whole', `${work.wanted.server.name} is not whole yet.`, left.value));
}
