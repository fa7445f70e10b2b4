import { emergencyStopMark, engineDiedMark } from '../../shared/history/change-records.ts';
import { fail, type Result } from '../../shared/result.ts';
import type { EmergencyCause } from './lease-keeper-ports.ts';
import type { EmergencyStop, MemberParts, MemberRuntime } from './member-parts.ts';

/**
 * The engine goes now, beside the loop and whatever step is under way. Gracefully only while the lease still
 * protects it; a second, more urgent cause ends a graceful stop that is under way. Never rejects.
 */
export async function stopInEmergency(
  parts: MemberParts,
  cause: EmergencyCause,
  uncleanWaitMs: number,
): Promise<void> {
  const { runtime, config, clock } = parts;
  const kill = cause.atOnce || config.timing.emergencyStop === 'kill';
  if (runtime.emergency !== null && (runtime.emergency.how === 'kill' || !kill)) return;
  const mine: EmergencyStop = { how: kill ? 'kill' : 'stop' };
  runtime.emergency = mine;
  runtime.serving = false;
  runtime.acquireNotBeforeMs = clock.bootMs() + uncleanWaitMs;
  runtime.standsBack = false;
  const startedMs = clock.bootMs();
  const stopped = await stopNow(parts, mine);
  // A more urgent stop has begun meanwhile: it ends for both.
  if (runtime.emergency !== mine) return;
  try {
    await afterEmergency(parts, cause.why, stopped, clock.bootMs() - startedMs);
  } catch (error) {
    tell(parts, `The emergency stop did not end as it should: ${String(error)}.`);
  } finally {
    if (runtime.emergency === mine) runtime.emergency = null;
  }
}

async function stopNow(
  { service, config }: MemberParts,
  { how }: EmergencyStop,
): Promise<Result<unknown, string>> {
  const { K, D } = config.timing;
  try {
    return how === 'kill' ? await service.kill() : await service.stop(Math.max(0, (K - 2 * D) * 1000));
  } catch (error) {
    return fail(`it broke: ${String(error)}`);
  }
}

async function afterEmergency(
  parts: MemberParts,
  why: string,
  stopped: Result<unknown, string>,
  tookMs: number,
): Promise<void> {
  const { runtime, keeper, journal, memory, probes, servingMark, peer } = parts;
  // A step that ended meanwhile may have opened it again.
  runtime.serving = false;
  runtime.startedEpoch = null;
  // What was proven before says nothing of the directory that the next start would find.
  runtime.provenEpoch = null;
  if (stopped.ok) keeper.disarm();
  await probes.process.lookNow();
  servingMark.remove();
  // Whoever takes over waits for this word.
  peer.beatNow();
  journal.append({
    kind: 'alarm',
    verdict: emergencyStopMark,
    sentence: `The engine was stopped at once because ${why}: ${stopped.ok ? 'its process is gone' : stopped.error}.`,
    epoch: memory.current().epoch,
    result: stopped.ok ? 'ok' : 'failed',
    tookMs,
  });
}

function tell({ journal, memory }: MemberParts, sentence: string): void {
  journal.append({ kind: 'alarm', sentence, epoch: memory.current().epoch, result: 'failed' });
}

/** How soon a server that was said to shut down is asked about again: somebody may have cancelled it. */
const askAgainMs = 10_000;

/** Before a stopped engine is started its storage is proven; a proof that is older than this is made anew. */
const provenForMs = 30_000;

/**
 * An engine that this agent started and did not stop is gone: it is no longer served, and counted unless the whole
 * server shuts down. `onJudged` is called when that is known.
 */
export function noticeEngineDeath(parts: MemberParts, onJudged: () => void): void {
  const { runtime, probes, clock, keeper, servingMark } = parts;
  const stopped = probes.process.fact(clock.bootMs()).value?.process === 'stopped';
  if (!stopped || runtime.emergency !== null || mayFindItStopped(runtime)) return;
  const unexpected = runtime.startedEpoch !== null;
  const isOld = clock.bootMs() - runtime.provenAtMs > provenForMs;
  // Not started by this agent as far as it remembers: then it is not served either.
  if (unexpected || runtime.serving) servingMark.remove();
  runtime.startedEpoch = null;
  if (unexpected || isOld) runtime.provenEpoch = null;
  runtime.serving = false;
  try {
    if (unexpected || keeper.armed()) keeper.disarm();
  } finally {
    // A file that cannot be removed keeps no death from being counted.
    if (unexpected) void judgeDeath(parts, clock.bootMs()).then(onJudged);
  }
}

/** A step that starts or stops the engine judges by itself what it finds; during any other one a death is a death. */
function mayFindItStopped({ runningStep }: MemberRuntime): boolean {
  const kind = runningStep?.kind;
  return kind === 'start-engine' || kind === 'stop-engine' || kind === 'kill-engine';
}

/** Two looks at one process differ by the ticks of the clock. */
const sameProcessMs = 100;

/**
 * The engine that runs is another process than at the look before, and this agent has not started it: it ended and
 * somebody else was faster than the next look.
 */
export function noticeEngineRestart(parts: MemberParts): void {
  const { runtime, probes, clock } = parts;
  const { value, ageMs } = probes.process.fact(clock.bootMs());
  if (value === null) return;
  const before = runtime.engineSinceMs;
  const since = value.runningMs === null ? null : clock.bootMs() - ageMs - value.runningMs;
  if (value.process === 'stopped') runtime.engineSinceMs = null;
  // Seen on its way up or down, its age is not known: what was known of the one before still counts.
  if (value.process !== 'running' || since === null) return;
  runtime.engineSinceMs = since;
  const other = before !== null && since - before > sameProcessMs;
  if (!other || runtime.startedEpoch === null || runtime.emergency !== null || mayFindItStopped(runtime))
    return;
  isAnother(parts, 'ended and was started again, both not by this agent');
}

/**
 * An engine that somebody started while no agent ran is not the one that the agent before had served with. Answers
 * whether it is another one; asked again with every look until that can be told. Never rejects.
 */
export async function noticeOtherLife(parts: MemberParts): Promise<boolean> {
  const { runtime, service } = parts;
  const expected = runtime.adoptedLife;
  if (expected === null || runtime.startedEpoch === null || service.life === undefined) return false;
  const life = await service.life().catch(() => null);
  // Somebody else has judged it meanwhile, or it is not this agent's engine any more.
  if (life === null || runtime.adoptedLife !== expected || runtime.startedEpoch === null) return false;
  if (runtime.emergency !== null || mayFindItStopped(runtime)) return false;
  runtime.adoptedLife = null;
  if (life === expected) return false;
  isAnother(parts, 'was started anew while its agent was away');
  return true;
}

/** What it serves, and which components are on, is not known any more. */
function isAnother(parts: MemberParts, how: string): void {
  const { runtime, probes, clock, servingMark, config } = parts;
  runtime.serving = false;
  runtime.pollersStarted = false;
  runtime.apiAnsweredMs = null;
  runtime.adoptedLife = null;
  probes.engine.forget('the engine was started anew');
  servingMark.remove();
  countDeath(parts, clock.bootMs(), `The engine on ${config.serverName} ${how}.`);
}

/** The service manager stops the engine first when the whole server shuts down: that is no crash. Never rejects. */
async function judgeDeath(parts: MemberParts, diedMs: number): Promise<void> {
  const { runtime, config, memory, journal, service } = parts;
  if (service.serverStops === undefined) return countDeath(parts, diedMs);
  runtime.serverStops = 'asked';
  if (!(await askServerStops(parts))) return countDeath(parts, diedMs);
  const sentence = `The engine on ${config.serverName} has stopped: the server shuts down.`;
  journal.append({ kind: 'agent', sentence, epoch: memory.current().epoch });
}

/** Asks the service manager, again and again while it says yes. */
async function askServerStops(parts: MemberParts): Promise<boolean> {
  const { runtime, service, timers } = parts;
  const stops = (await service.serverStops?.().catch(() => false)) ?? false;
  runtime.serverStops = stops ? 'yes' : 'no';
  if (stops) timers.after(askAgainMs, () => void askServerStops(parts));
  return stops;
}

function countDeath(
  { runtime, memory, journal, config }: MemberParts,
  diedMs: number,
  sentence = `The engine on ${config.serverName} died; nobody had asked it to stop.`,
): void {
  runtime.crashes = [...runtime.crashes.slice(-20), diedMs];
  journal.append({ kind: 'alarm', verdict: engineDiedMark, sentence, epoch: memory.current().epoch });
}

/** Tells once about every kill that a guard has noted, also about one from before this agent started. */
export function noticeGuardKills({ journal, memory, guards, runtime }: MemberParts): void {
  for (const number of [1, 2] as const) {
    const kill = guards.lastKill(number);
    if (kill === null) continue;
    const at = (kill.atMs / 1000).toFixed(2);
    const sentence = `Guard ${number} killed the engine at ${at} s after boot: ${kill.reason}.`;
    if (runtime.toldKills.has(sentence)) continue;
    runtime.toldKills.add(sentence);
    if (journal.recently('guard', sentence)) continue;
    journal.append({ kind: 'guard', sentence, epoch: memory.current().epoch });
  }
}
