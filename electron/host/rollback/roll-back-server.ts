import { haproxyMark } from '../../../shared/balancer/haproxy-config.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import { ensureUnit } from '../install/arming.ts';
import { isAnythingLeaving, leavingLines, noLeavingWords } from '../install/leaving-parts.ts';
import { forgetStarted } from '../install/noted-change.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { restoreBalancer } from '../install/remove-parts.ts';
import { startedMark } from '../install/server-paths.ts';
import { inOrder, lookAt } from '../install/server-work.ts';
import { aloneOnServers } from '../install/site-lock.ts';
import { takeOff } from '../install/take-off.ts';
import { forgetTakenBack } from '../install/touched-servers.ts';
import { recorded, transcriptIn, type RecordProgress } from '../install/transcript.ts';
import { agentAnswers } from '../install/verify.ts';
import { askActives } from '../upgrade/ask-site.ts';
import { restartOrder } from '../upgrade/restart-in-order.ts';
import { lookAtVersions } from '../upgrade/server-versions.ts';
import { upgradeLimits } from '../upgrade/upgrade-limits.ts';
import { forgetBefore, restoreBefore } from './before-record.ts';
import { lookAtRollback, openedOf, type Rollback } from './look-at-rollback.ts';
import { rollbackRefusals } from './rollback-refusals.ts';

type Again = Extract<Rollback, { kind: 'again' }>;

const agentStartMs = 30_000;

/** Every exact change of the roll back of one server, or why it must not be. Changes nothing. Errors: as `rollBackServer`. */
export async function planRollback(
  inputs: InstallInputs,
  server: string,
): Promise<Result<string[], ProductError[]>> {
  const opened = openedOf();
  try {
    const look = await lookAndJudge(inputs, server, { record: inputs.onProgress, opened });
    return look.ok ? succeed(rollbackLines(look.value)) : look;
  } finally {
    for (const connection of opened) connection.close();
  }
}

/**
 * Puts one server back as it was before the installation or upgrade that changed it last: what was put there is taken
 * away, and configuration and program of before are restored from what the server has kept. The other servers stay as
 * they are. It may be run again after an interruption. Answers what was done.
 *
 * Errors: rollback.* (nothing was changed, apart from rollback.half-done), request.invalid, site.locked, ssh.*.
 *
 * @param seen the plan that a person has confirmed; undefined: whatever it is
 */
export async function rollBackServer(
  inputs: InstallInputs,
  server: string,
  seen?: readonly string[],
): Promise<Result<string[], ProductError[]>> {
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  const opened = openedOf();
  const scene = { record, opened };
  try {
    const first = await lookAtRollback(inputs, server, scene);
    if (!first.ok) return first;
    const works = [first.value.work, ...first.value.others.flatMap((other) => other.work ?? [])];
    const connections = works.map(({ connection }) => connection);
    return await aloneOnServers(connections, `a roll back of ${server}`, inputs.breakLock, async () => {
      // Looked at once more now that nobody else works there: what is decided on must still be so.
      const look = await lookAndJudge(inputs, server, scene);
      if (!look.ok) return look;
      const lines = rollbackLines(look.value);
      if (seen !== undefined && seen.join('\n') !== lines.join('\n')) {
        const { name } = look.value.work.wanted.server;
        const said = `The roll back of ${name} would do something else by now than what was confirmed.`;
        return fail([productError('rollback.changed', said)]);
      }
      if (look.value.kind === 'again') return putBack(look.value, lines, record);
      const taken = await takeAway(look.value, lines, record);
      if (taken.ok) await forgetTakenBack(inputs.profileDirectory, [server, ...bareServers(look.value)]);
      return taken;
    });
  } finally {
    for (const connection of opened) connection.close();
  }
}

async function lookAndJudge(
  inputs: InstallInputs,
  server: string,
  scene: Parameters<typeof lookAtRollback>[2],
): Promise<Result<Rollback, ProductError[]>> {
  const look = await lookAtRollback(inputs, server, scene);
  if (!look.ok) return look;
  const refusals = await rollbackRefusals(look.value, inputs.document.site, inputs.profileDirectory);
  return refusals.length > 0 ? fail(refusals) : look;
}

/** What is changed on the server, line by line. Pure. */
export function rollbackLines(look: Rollback): string[] {
  const taken = leavingLines(look.parts);
  if (look.kind === 'first') return taken;
  const { before, work } = look;
  const { currentVersion } = work.facts;
  const units = staleUnits(look);
  return [
    ...taken,
    ...before.restored.map((path) => `restored: ${path}`),
    ...before.removed.map((path) => `removed: ${path}, which was not there before`),
    ...(currentVersion === before.version
      ? []
      : [`version ${before.version} is the current one again, instead of ${currentVersion ?? 'none'}`]),
    ...units.map((unit) => `restarted: ${unit}`),
    ...(units.length > 0 ? ['meanwhile nobody can take over here; engines stay as they are'] : []),
    'stays: keys and certificates, journals, and the numbered site configuration',
  ];
}

/** Units that run something else than what was there before; those that are off and shall be off are left. Pure. */
export function staleUnits({ before, work }: Again): string[] {
  const { facts, wanted } = work;
  const changed = new Set([...before.restored, ...before.removed]);
  const read = new Set(
    wanted.files
      .filter(({ path }) => changed.has(path))
      .flatMap(({ restarts, isUnit, path }) =>
        isUnit && restarts.length === 0 ? wanted.units.filter((unit) => path.endsWith(`/${unit}`)) : restarts,
      ),
  );
  const switched = facts.currentVersion !== before.version;
  return wanted.units.filter((unit) => {
    const seen = facts.units.get(unit);
    const isOn = seen?.activeState === 'active' || seen?.unitFileState === 'enabled';
    return isOn && (switched || read.has(unit) || !facts.files.has(startedMark(unit)));
  });
}

/** Others on which nothing of the product lies: an installation never came to them, or they were rolled back before. */
function bareServers({ others }: Rollback): string[] {
  return others.flatMap(({ id, work }) => {
    if (work === null) return [];
    const { site, found, survey, haproxy } = work.facts;
    const parts = found.members.length + found.gates.length + survey.leftovers.length;
    const isBare = site === undefined && parts === 0 && !found.witness && haproxy.firstLine !== haproxyMark;
    return isBare ? [id] : [];
  });
}

/** Nothing of the product was there before. */
async function takeAway(
  { work, parts }: Rollback,
  lines: readonly string[],
  record: RecordProgress,
): Promise<Result<string[], ProductError[]>> {
  const { id } = work.wanted.server;
  const removed = await takeOff([parts], noLeavingWords, record);
  if (!removed.ok) return removed;
  if (!parts.balancer) return succeed([...lines]);
  const restored = await recorded(record, id, 'HAProxy as it was before', async () => {
    const done = await restoreBalancer(work);
    return done.ok ? succeed(done.value.length > 0) : done;
  });
  return restored.ok ? succeed([...lines]) : fail([restored.error]);
}

async function putBack(
  look: Again,
  lines: readonly string[],
  record: RecordProgress,
): Promise<Result<string[], ProductError[]>> {
  const { work, parts, before } = look;
  const { id } = work.wanted.server;
  const stale = staleUnits(look);
  if (isAnythingLeaving(parts)) {
    const removed = await takeOff([parts], noLeavingWords, record);
    if (!removed.ok) return removed;
  }
  const restored = await recorded(record, id, 'what was there before is put back', async () => {
    const forgotten = await forgetStarted(work.connection, stale);
    if (!forgotten.ok) return forgotten;
    const done = await restoreBefore(work.connection, before);
    return done.ok ? succeed(true) : done;
  });
  if (!restored.ok) return fail([restored.error]);
  const works = await restartAndAsk(look, stale, record);
  if (!works.ok) return fail(works.error.map((error) => halfDone(look, error)));
  const ended = await recorded(record, id, 'what was kept of before is removed', async () => {
    const done = await forgetBefore(work.connection);
    return done.ok ? succeed(true) : done;
  });
  return ended.ok ? succeed([...lines]) : fail([ended.error]);
}

/** Lease store and agents before the guards, of which one is always awake; then each is asked and looked at. */
async function restartAndAsk(
  { work, before, then, ask }: Again,
  stale: readonly string[],
  record: RecordProgress,
): Promise<Result<unknown, ProductError[]>> {
  const { wanted, connection } = work;
  const { id } = wanted.server;
  const facts = await lookAt(connection, wanted);
  if (!facts.ok) return fail([facts.error]);
  const actives = await askActives(ask, then);
  const unprotected = new Set<string>();
  const scene = { site: then, ask, record, limits: upgradeLimits, unprotected, actives };
  const targets = restartOrder(scene, wanted)
    .flat()
    .filter(({ unit }) => stale.includes(unit));
  const restarted = await inOrder(targets, ({ unit }) =>
    recorded(record, id, `${unit} restarted`, () =>
      ensureUnit({ ...work, facts: facts.value }, unit, new Set([unit])),
    ),
  );
  if (!restarted.ok) return restarted;
  const endpoints = agentEndpoints(then).filter(
    ({ server, cluster }) =>
      server === id &&
      targets.some((target) => target.cluster === cluster && (cluster === null || target.isAgent)),
  );
  const answered = await inOrder(endpoints, (endpoint) =>
    recorded(record, id, `${endpoint.name} answers over mutual TLS`, () =>
      agentAnswers(ask, endpoint, agentStartMs),
    ),
  );
  if (!answered.ok) return answered;
  const seen = await lookAtVersions(connection, stale);
  if (!seen.ok) return fail([seen.error]);
  const other = stale.find((unit) => seen.value.runs.get(unit) !== before.version);
  if (other === undefined) return succeed(undefined);
  const said = `${other} runs ${seen.value.runs.get(other) || 'no version that is known'} and not ${before.version}.`;
  return fail([productError('rollback.half-done', said)]);
}

function halfDone({ work }: Again, error: ProductError): ProductError {
  if (error.code === 'rollback.half-done') return error;
  const said = `${work.wanted.server.name} was put back, and is not well: ${error.message}`;
  return productError('rollback.half-done', said, [...(error.details ?? [])]);
}
