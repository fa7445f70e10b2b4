import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { unprotectedWhy } from '../../../shared/upgrade/member-health.ts';
import { productVersionOf } from '../../../shared/upgrade/program-version.ts';
import type { Issuer } from '../install/enrol-step.ts';
import { ensureUnit } from '../install/arming.ts';
import { executeStep } from '../install/execute-step.ts';
import { planInstall, unitsToRestart, type PlannedStep } from '../install/plan.ts';
import { serverPaths, startedMark } from '../install/server-paths.ts';
import { inOrder, lookAt, type ServerWork } from '../install/server-work.ts';
import { recorded } from '../install/transcript.ts';
import type { WantedServer } from '../install/wanted-server.ts';
import { endBefore, forgetBefore, keepBefore } from '../rollback/before-record.ts';
import { askMembers, askWitness, untilWell } from './ask-site.ts';
import { awaitProtection, type UpgradeScene } from './restart-and-prove.ts';
import { clustersOf, restartOrder, restartProtected } from './restart-in-order.ts';
import {
  beginSwitch,
  endSwitch,
  lookAtVersions,
  restoreVersion,
  type ServerVersions,
  type Switch,
} from './server-versions.ts';

/**
 * Brings one server to the version that `work` wants, or leaves it with the one it had: whatever fails after the switch
 * has begun is followed by the way back. Answers whether anything was changed.
 *
 * Errors: upgrade.unprotected (nothing changed), upgrade.rolled-back, upgrade.half-done (a later run goes on).
 */
export async function upgradeServer(
  scene: UpgradeScene,
  work: ServerWork,
  issuer: Issuer,
): Promise<Result<boolean, ProductError>> {
  const { wanted, connection } = work;
  const { version } = wanted;
  const seen = await lookAtVersions(connection, wanted.units);
  if (!seen.ok) return seen;
  if (isDone(seen.value, wanted)) return succeed(false);
  const { unproven, current } = seen.value;
  if (unproven && unproven.to !== version) {
    const said = `An upgrade of ${wanted.server.name} to ${unproven.to} was interrupted.`;
    return rollBack(scene, work, { ...unproven, keptAnew: false }, productError('upgrade.half-done', said));
  }
  const safe = await inOrder(clustersOf(scene, wanted), (cluster) =>
    recorded(scene.record, wanted.server.id, `${cluster} can lose its Active`, () =>
      awaitProtection(scene, cluster, wanted.server.id, scene.limits.first),
    ),
  );
  if (!safe.ok) {
    const cause = safe.error[0]!;
    return unproven ? rollBack(scene, work, { ...unproven, keptAnew: false }, cause) : fail(cause);
  }
  const begun = unproven ?? (current === null || current === version ? null : { from: current, to: version });
  let keptAnew = false;
  if (begun && !unproven) {
    const kept = await recorded(scene.record, wanted.server.id, `version ${begun.from} is kept`, async () => {
      const before = await keepBefore(connection, 'upgrade');
      if (!before.ok) return before;
      keptAnew = before.value;
      return done(beginSwitch(connection, begun, replacedFiles(wanted)));
    });
    if (!kept.ok) return kept;
  }
  const forward = await goForward(scene, work, seen.value, issuer);
  if (!forward.ok) return begun ? rollBack(scene, work, { ...begun, keptAnew }, forward.error) : forward;
  if (!begun) return forward;
  return recorded(scene.record, wanted.server.id, 'older versions removed', async () => {
    const ended = await endBefore(connection);
    return ended.ok ? done(endSwitch(connection)) : ended;
  });
}

function isDone({ current, unproven, runs }: ServerVersions, { version, units }: WantedServer): boolean {
  return current === version && unproven === null && units.every((unit) => runs.get(unit) === version);
}

/** Files outside of the versions' folders that a switch replaces. */
function replacedFiles(wanted: WantedServer): string[] {
  return wanted.files
    .map(({ path }) => path)
    .filter((path) => !path.startsWith(`${serverPaths.library}/`) && path !== serverPaths.haproxy);
}

/** The switch itself and the restarts. What an earlier run has already done is not done again. */
async function goForward(
  scene: UpgradeScene,
  work: ServerWork,
  { runs }: ServerVersions,
  issuer: Issuer,
): Promise<Result<boolean, ProductError>> {
  const { wanted, connection, facts } = work;
  const placed: PlannedStep[] = [];
  for (const planned of planInstall(facts, wanted).filter(({ needed }) => needed)) {
    const result = await recorded(scene.record, wanted.server.id, planned.title, () =>
      executeStep(connection, planned.step, issuer),
    );
    if (!result.ok) return result;
    placed.push({ ...planned, needed: result.value });
  }
  const stale = unitsToRestart(placed);
  const isStale = (unit: string) =>
    stale.has(unit) || runs.get(unit) !== wanted.version || !facts.files.has(startedMark(unit));
  return restartProtected(scene, work, wanted.version, isStale);
}

/** A change of version, and whether this work has kept what was there before it. */
interface BegunSwitch extends Switch {
  readonly keptAnew: boolean;
}

/** Back to the version before, proven. Always an error: the upgrade is over, and `cause` is why. */
async function rollBack(
  scene: UpgradeScene,
  work: ServerWork,
  begun: BegunSwitch,
  cause: ProductError,
): Promise<Result<never, ProductError>> {
  const { wanted } = work;
  const back = await recorded(scene.record, wanted.server.id, `back to version ${begun.from}`, () =>
    goBack(scene, work, begun),
  );
  const why = [cause.message, ...(cause.details ?? [])];
  if (back.ok) {
    const said = `${wanted.server.name} was brought back from ${begun.to} to ${begun.from}.`;
    return fail(productError('upgrade.rolled-back', said, why));
  }
  const said = `${wanted.server.name} could be brought neither to ${begun.to} nor back to ${begun.from}.`;
  const details = [...why, `on the way back: ${back.error.message}`, ...(back.error.details ?? [])];
  return fail(productError('upgrade.half-done', said, details));
}

async function goBack(
  scene: UpgradeScene,
  work: ServerWork,
  begun: BegunSwitch,
): Promise<Result<boolean, ProductError>> {
  const { wanted, connection } = work;
  const restored = await restoreVersion(connection, begun, replacedFiles(wanted));
  if (!restored.ok) return restored;
  const facts = await lookAt(connection, wanted);
  if (!facts.ok) return facts;
  const seen = await lookAtVersions(connection, wanted.units);
  if (!seen.ok) return seen;
  const targets = restartOrder(scene, wanted)
    .flat()
    .filter(({ unit }) => seen.value.runs.get(unit) !== begun.from);
  const restarted = await inOrder(targets, ({ unit }) =>
    ensureUnit({ ...work, facts: facts.value }, unit, new Set([unit])),
  );
  if (!restarted.ok) return fail(restarted.error[0]!);
  const why = await untilWell(async () => {
    const trouble = await backTrouble(scene, work, begun.from);
    return trouble === null ? null : { why: trouble };
  }, scene.limits.health);
  if (why !== null) return fail(productError('upgrade.half-done', `It is not well: ${why}.`));
  if (begun.keptAnew) {
    // The server is as before: there is nothing to roll back to. What an earlier work has kept is of a time before that.
    const forgotten = await forgetBefore(connection);
    if (!forgotten.ok) return forgotten;
  }
  const ended = await endSwitch(connection);
  return ended.ok ? succeed(true) : ended;
}

/** Everything on this server runs the version before, and its clusters are protected. */
async function backTrouble(
  scene: UpgradeScene,
  { wanted, connection }: ServerWork,
  from: string,
): Promise<string | null> {
  const seen = await lookAtVersions(connection, wanted.units);
  if (!seen.ok) return seen.error.message;
  const other = wanted.units.find((unit) => seen.value.runs.get(unit) !== from);
  if (other) return `${other} does not run version ${from}`;
  const product = productVersionOf(from);
  if (wanted.isWitness && (await askWitness(scene.ask, scene.site))?.productVersion !== product) {
    return 'the lease store does not answer with that version';
  }
  for (const cluster of clustersOf(scene, wanted)) {
    const members = await askMembers(scene.ask, scene.site, cluster);
    const own = members.find(({ server }) => server === wanted.server.id);
    if (own && own.snapshot?.productVersion !== product)
      return `${own.name} does not answer with that version`;
    const trouble = scene.unprotected.has(cluster) ? null : unprotectedWhy(members);
    if (trouble !== null) return `${cluster}: ${trouble}`;
  }
  return null;
}

async function done(action: Promise<Result<unknown, ProductError>>): Promise<Result<boolean, ProductError>> {
  const result = await action;
  return result.ok ? succeed(true) : result;
}
