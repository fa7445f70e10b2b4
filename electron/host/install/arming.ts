import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import { proveGuards } from './guard-proof.ts';
import { isProven } from './preflight.ts';
import { gatePath, placesOf, serverPaths, startedMark, unitsOf, witnessUnit } from './server-paths.ts';
import { inOrder, type ServerWork } from './server-work.ts';
import { recorded, type RecordProgress } from './transcript.ts';
import type { WantedEngine } from './wanted-server.ts';

/** Enables a unit and starts it, or restarts it when it runs something older. Answers whether it did. */
export async function ensureUnit(
  work: ServerWork,
  unit: string,
  restarts: ReadonlySet<string>,
): Promise<Result<boolean, ProductError>> {
  const seen = work.facts.units.get(unit);
  const isUp = seen?.activeState === 'active';
  const isEnabled = seen?.unitFileState === 'enabled';
  const isCurrent = work.facts.files.has(startedMark(unit)) && !restarts.has(unit);
  if (isUp && isEnabled && isCurrent) return succeed(false);
  const asRoot = (verb: string) =>
    runChecked(work.connection, ['systemctl', verb, '--', unit], {
      what: `systemctl ${verb} ${unit}`,
      privileged: true,
      timeoutMs: 90_000,
    });
  if (!isEnabled) {
    const enabled = await asRoot('enable');
    if (!enabled.ok) return enabled;
  }
  const started = await asRoot(isUp && !isCurrent ? 'restart' : 'start');
  if (!started.ok) return started;
  const mark = ['touch', '--', startedMark(unit)];
  const marked = await runChecked(work.connection, mark, {
    what: `noting the start of ${unit}`,
    privileged: true,
  });
  return marked.ok ? succeed(true) : marked;
}

/** The guards of every member of this server, one after the other: one of the two is always awake. */
export function startGuards(
  work: ServerWork,
  restarts: ReadonlySet<string>,
  record: RecordProgress,
): Promise<Result<boolean[], ProductError[]>> {
  return startGuardsOf(
    work,
    work.wanted.engines.map(({ cluster }) => cluster),
    restarts,
    record,
  );
}

/** Only those of these clusters. */
export function startGuardsOf(
  work: ServerWork,
  clusters: readonly string[],
  restarts: ReadonlySet<string>,
  record: RecordProgress,
): Promise<Result<boolean[], ProductError[]>> {
  const units = clusters.flatMap((cluster) => [...unitsOf(cluster).guards]);
  return inOrder(units, (unit) =>
    recorded(record, work.wanted.server.id, `guard ${unit}`, async () => {
      const may = await guardMayStart(work, unit);
      return may.ok ? ensureUnit(work, unit, restarts) : may;
    }),
  );
}

/**
 * 0 where the engine does not run, or while its deadline lies ahead as the gate itself judges. Arguments: ENGINE_UNIT GATE
 * RUN D.
 */
const mayStartScript = `case $(systemctl show -p ActiveState --value -- "$1") in inactive|failed) exit 0 ;; esac
shift
exec "$@"`;

/**
 * Whether a guard that does not run yet may be started: beside an engine for which no deadline lies ahead it would end it
 * at once. Errors: install.engine-running.
 */
export async function guardMayStart(work: ServerWork, unit: string): Promise<Result<boolean, ProductError>> {
  const engine = work.wanted.engines.find(({ cluster }) =>
    unitsOf(cluster).guards.some((guard) => guard === unit),
  );
  if (engine === undefined || work.facts.units.get(unit)?.activeState === 'active') return succeed(true);
  const gate = `${serverPaths.currentLink}/scripts/gate.sh`;
  const about = [engine.unit, gate, placesOf(engine.cluster).run, String(engine.killMs)];
  const argv = ['sh', '-c', mayStartScript, 'ixha-may-guard', ...about];
  const may = await work.connection.run(argv, { privileged: true, timeoutMs: 30_000 });
  if (!may.ok || may.value.exitCode === 0) return may.ok ? succeed(true) : may;
  const said = `${work.wanted.server.name}: ${engine.unit} of ${engine.cluster} runs, and no agent holds a deadline for it: a guard would end it.`;
  const next =
    'Stop that engine, or take its server back to observing (npm run site -- observe FILE), then run this again.';
  return fail(productError('install.engine-running', said, [], next));
}

/** The agent of one cluster, or the witness. */
export function startAgent(
  work: ServerWork,
  unit: string,
  restarts: ReadonlySet<string>,
  record: RecordProgress,
): Promise<Result<boolean, ProductError>> {
  const title = unit === witnessUnit ? 'witness' : `agent ${unit}`;
  return recorded(record, work.wanted.server.id, title, () => ensureUnit(work, unit, restarts));
}

/** One cluster's place on one server. */
export interface MemberWork {
  readonly work: ServerWork;
  readonly engine: WantedEngine;
}

/**
 * Proves gate and guards on both members of a cluster, one after the other, because the engine runs
 * during the test. A cluster at work is not disturbed: there the kill is proven on a stand-in process.
 * A failure before anything was armed takes the gates off again, so that the engines can be used as
 * before.
 */
export async function proveCluster(
  members: readonly MemberWork[],
  record: RecordProgress,
): Promise<Result<boolean[], ProductError[]>> {
  const rests = members.every(isAtRest);
  const proven = await inOrder(members, (member) => {
    const { work, engine } = member;
    const title = `refusal and kill of ${engine.unit}`;
    return recorded(record, work.wanted.server.id, title, () => proveMember(member, rests));
  });
  if (proven.ok || !members.every(neverArmed)) return proven;
  return fail([...proven.error, ...(await takeGatesOff(members, record))]);
}

/** Takes the gates of these members off again, and answers what went wrong with that: they are still there. */
export async function takeGatesOff(
  members: readonly MemberWork[],
  record: RecordProgress,
): Promise<ProductError[]> {
  const errors: ProductError[] = [];
  for (const { work, engine } of members) {
    const title = `gate of ${engine.unit} taken off again`;
    const off = await recorded(record, work.wanted.server.id, title, () =>
      takeGateOff(work.connection, engine),
    );
    if (!off.ok) errors.push(off.error);
  }
  return errors;
}

function isAtRest({ work, engine }: MemberWork): boolean {
  const idle = (unit: string) => {
    const state = work.facts.units.get(unit)?.activeState ?? 'inactive';
    return state === 'inactive' || state === 'failed' || state === '';
  };
  return idle(engine.unit) && idle(unitsOf(engine.cluster).agent);
}

function neverArmed({ work, engine }: MemberWork): boolean {
  const { guardProof } = placesOf(engine.cluster);
  return !work.facts.proofs.has(guardProof) && !work.facts.memories.has(engine.cluster);
}

async function proveMember(
  { work, engine }: MemberWork,
  clusterRests: boolean,
): Promise<Result<boolean, ProductError>> {
  // On the folder below a storage that is not mounted no engine is started, for a proof neither.
  const { mountUnit, directory } = engine.storage;
  const lacksStorage = mountUnit !== undefined && work.facts.shares.get(directory)?.isMount !== true;
  const onEngine = clusterRests && !lacksStorage;
  const enough = onEngine ? (['engine'] as const) : (['engine', 'stand-in'] as const);
  if (isProven(work.facts, engine, enough)) return succeed(false);
  return proveGuards(work.connection, engine, onEngine ? 'engine' : 'stand-in');
}

/** Takes gate and guards off an engine that was never armed. */
async function takeGateOff(
  connection: ServerConnection,
  engine: WantedEngine,
): Promise<Result<boolean, ProductError>> {
  const { guards } = unitsOf(engine.cluster);
  const gate = gatePath(engine.unit);
  const what = `taking the gate of ${engine.unit} off`;
  const asRoot = (argv: readonly string[]) => connection.run(argv, { privileged: true, timeoutMs: 60_000 });
  // Guards that were never placed cannot be ended, and a folder may be gone already.
  const ended = await asRoot(['systemctl', 'disable', '--now', '--', ...guards]);
  if (!ended.ok) return ended;
  const removed = await runChecked(connection, ['rm', '-f', '--', gate], { what, privileged: true });
  if (!removed.ok) return removed;
  await asRoot(['rmdir', '--ignore-fail-on-non-empty', '--', gate.slice(0, gate.lastIndexOf('/'))]);
  const reload = { what, privileged: true, timeoutMs: 60_000 };
  const reloaded = await runChecked(connection, ['systemctl', 'daemon-reload'], reload);
  return reloaded.ok ? succeed(true) : reloaded;
}
