import { setTimeout as pause } from 'node:timers/promises';
import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { MemberMode } from '../../../shared/site/member-config.ts';
import { clusterTiming } from '../../../shared/site/site-rules.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { ensureUnit, type MemberWork } from '../install/arming.ts';
import { executeStep } from '../install/execute-step.ts';
import type { SiteKeys } from '../install/profile.ts';
import { gatePath, placesOf, serverPaths, startedMark, unitsOf } from '../install/server-paths.ts';
import type { RecordProgress } from '../install/transcript.ts';
import { statusOf } from '../install/verify.ts';
import { memberConfigFile, type WantedInputs } from '../install/wanted-files.ts';
import { runChecked } from '../ssh/server-connection.ts';

/** What arming and its way back work with. */
export interface ModeScene {
  readonly wantedInputs: WantedInputs;
  readonly keys: SiteKeys;
  readonly ask: AskAgent;
  readonly record: RecordProgress;
}

const betweenMs = 300;
/** Beside the lease: start of the agent, one look at everything, a storage that is slow. */
const settleMs = 30_000;

/** Gives a member's agent another mode and starts it anew. The engine is not touched by that. */
export async function setMode(
  { wantedInputs, keys }: ModeScene,
  { work, engine }: MemberWork,
  mode: MemberMode | 'armed',
): Promise<Result<boolean, ProductError>> {
  const site = { ...wantedInputs.site, mode: mode === 'observe' ? ('observe' as const) : ('armed' as const) };
  const cluster = site.clusters.find(({ id }) => id === engine.cluster)!;
  const inputs = { ...wantedInputs, site, arming: mode === 'arming' };
  const file = memberConfigFile(inputs, cluster, work.wanted.server.id);
  const placed = await executeStep(work.connection, { kind: 'file', file }, keys);
  if (!placed.ok) return placed;
  const { agent } = unitsOf(engine.cluster);
  return ensureUnit(work, agent, new Set([agent]));
}

/**
 * Waits until a member's agent tells what is wanted of it. Errors: arm.half-done with what it told last.
 *
 * @param missing why it is not there yet; null: it is
 */
export async function untilTold(
  { wantedInputs: { site }, ask }: ModeScene,
  { work, engine }: MemberWork,
  missing: (snapshot: MemberSnapshot) => string | null,
): Promise<Result<boolean, ProductError>> {
  const { id, name } = work.wanted.server;
  const endpoint = agentEndpoints(site).find(
    ({ server, cluster }) => server === id && cluster === engine.cluster,
  )!;
  const { T } = clusterTiming(site.clusters.find((cluster) => cluster.id === engine.cluster)!);
  const until = performance.now() + settleMs + 2_000 * T;
  for (;;) {
    const status = await statusOf(ask, endpoint);
    const why = !status.ok
      ? status.error.message
      : status.value.kind === 'member'
        ? missing(status.value)
        : 'answers as a lease store';
    if (why === null) return succeed(true);
    if (performance.now() > until) {
      const said = `${engine.cluster} on ${name} is not where it should be: ${why}.`;
      return fail(productError('arm.half-done', said, status.ok ? [decisionOf(status.value)] : []));
    }
    await pause(betweenMs);
  }
}

function decisionOf(snapshot: { readonly kind: string }): string {
  if (snapshot.kind !== 'member') return 'it is no member';
  const { ruleId, headline, reason } = (snapshot as MemberSnapshot).decision;
  return `its agent (rule ${ruleId}): ${headline}: ${reason}`;
}

/**
 * Agent and guards end in that order, well before the deadline; then nothing holds the engine back any more and nothing
 * is left that a guard could act on. Arguments: RUN GATE AGENT GUARD GUARD MARK...
 */
const stepBackScript = `set -eu
run=$1 gate=$2; shift 2
systemctl stop -- "$1" "$2" "$3"
systemctl disable --quiet -- "$2" "$3" 2>/dev/null || true
shift 3
rm -f -- "$@"
rm -f -- "$gate"
rmdir --ignore-fail-on-non-empty -- "$(dirname -- "$gate")" 2>/dev/null || true
systemctl daemon-reload
rm -f -- "$run/deadline" "$run/deadline.new"`;

/** A member that only observes from now on. Its engine, running or not, is not touched. */
export async function backToObserving(
  scene: ModeScene,
  member: MemberWork,
): Promise<Result<boolean, ProductError>> {
  const { work, engine } = member;
  const { agent, guards } = unitsOf(engine.cluster);
  const units = [agent, ...guards];
  const places = [placesOf(engine.cluster).run, gatePath(engine.unit)];
  const argv = ['sh', '-c', stepBackScript, 'ixha-observe', ...places, ...units, ...units.map(startedMark)];
  const what = `taking gate and guards of ${engine.unit} off`;
  const ended = await runChecked(work.connection, argv, { what, privileged: true, timeoutMs: 120_000 });
  if (!ended.ok) return ended;
  const set = await setMode(scene, member, 'observe');
  if (!set.ok) return set;
  return untilTold(scene, member, ({ mode }) => (mode === 'observe' ? null : 'it does not only observe'));
}

/**
 * Starts both guards only if the service asks the gate and nothing else restarts it, and while the deadline lies ahead
 * as the gate itself judges. Arguments: ENGINE_UNIT GATE RUN D GUARD GUARD MARK MARK.
 */
const guardsScript = `set -eu
asks=$(systemctl show -p ExecCondition -p Restart -- "$1"); shift
case $asks in *gate.sh*) ;; *) echo "its service does not ask the gate" >&2; exit 1 ;; esac
case $asks in *Restart=no*) ;; *) echo "its service is restarted by itself" >&2; exit 1 ;; esac
systemctl enable --quiet -- "$4" "$5"
"$1" "$2" "$3"
systemctl start -- "$4" "$5"
touch -- "$6" "$7"`;

/** The guards of an engine that runs already: a deadline that is not fed would be its end, so it is looked at first. */
export async function guardRunning({ work, engine }: MemberWork): Promise<Result<boolean, ProductError>> {
  const { guards } = unitsOf(engine.cluster);
  const gate = `${serverPaths.currentLink}/scripts/gate.sh`;
  const about = [engine.unit, gate, placesOf(engine.cluster).run, String(engine.killMs)];
  const argv = ['sh', '-c', guardsScript, 'ixha-guards', ...about, ...guards, ...guards.map(startedMark)];
  const what = `starting the guards of ${engine.unit}`;
  const started = await runChecked(work.connection, argv, { what, privileged: true, timeoutMs: 60_000 });
  return started.ok ? succeed(true) : started;
}
