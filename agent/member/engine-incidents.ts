import { fail, type Result } from '../../shared/result.ts';
import type { EmergencyCause } from './lease-keeper.ts';
import type { MemberParts } from './member-parts.ts';

/**
 * The engine goes now, beside the loop and whatever step is under way. Gracefully only while the lease still
 * protects it; a second, more urgent cause ends a graceful stop that is under way. Never rejects.
 */
export async function stopInEmergency(
  parts: MemberParts,
  cause: EmergencyCause,
  uncleanWaitMs: number,
): Promise<void> {
  const { runtime, config, service, clock } = parts;
  const { emergencyStop, K, D } = config.timing;
  const kill = cause.atOnce || emergencyStop === 'kill';
  if (runtime.emergency !== null && (runtime.emergency === 'kill' || !kill)) return;
  runtime.emergency = kill ? 'kill' : 'stop';
  runtime.serving = false;
  runtime.acquireNotBeforeMs = clock.bootMs() + uncleanWaitMs;
  const startedMs = clock.bootMs();
  const stopping = kill ? service.kill() : service.stop(Math.max(0, (K - 2 * D) * 1000));
  const stopped = await stopping.catch((error: unknown) => fail(`it broke: ${String(error)}`));
  if (!kill && runtime.emergency !== 'stop') return;
  try {
    await afterEmergency(parts, cause.why, stopped, clock.bootMs() - startedMs);
  } catch (error) {
    tell(parts, `The emergency stop did not end as it should: ${String(error)}.`);
  } finally {
    runtime.emergency = null;
  }
}

async function afterEmergency(
  parts: MemberParts,
  why: string,
  stopped: Result<unknown, string>,
  tookMs: number,
): Promise<void> {
  const { runtime, keeper, journal, memory, probes, servingMark } = parts;
  // A step that ended meanwhile may have opened it again.
  runtime.serving = false;
  runtime.startedEpoch = null;
  if (stopped.ok) keeper.disarm();
  await probes.process.lookNow();
  servingMark.remove();
  journal.append({
    kind: 'alarm',
    sentence: `The engine was stopped at once because ${why}: ${stopped.ok ? 'its process is gone' : stopped.error}.`,
    epoch: memory.current().epoch,
    result: stopped.ok ? 'ok' : 'failed',
    tookMs,
  });
}

function tell({ journal, memory }: MemberParts, sentence: string): void {
  journal.append({ kind: 'alarm', sentence, epoch: memory.current().epoch, result: 'failed' });
}

/** An engine that this agent started and did not stop is gone: it is no longer served, and it is counted. */
export function noticeEngineDeath(parts: MemberParts): void {
  const { runtime, probes, clock, keeper, memory, journal, servingMark, config } = parts;
  const stopped = probes.process.fact(clock.bootMs()).value?.process === 'stopped';
  if (!stopped || runtime.runningStep !== null || runtime.emergency !== null) return;
  if (runtime.startedEpoch === null) {
    // Not started by this agent as far as it remembers: then it is not served either.
    if (runtime.serving) servingMark.remove();
    runtime.serving = false;
    if (keeper.armed()) keeper.disarm();
    return;
  }
  runtime.startedEpoch = null;
  runtime.serving = false;
  servingMark.remove();
  keeper.disarm();
  runtime.crashes = [...runtime.crashes.slice(-20), clock.bootMs()];
  journal.append({
    kind: 'alarm',
    sentence: `The engine on ${config.serverName} died; nobody had asked it to stop.`,
    epoch: memory.current().epoch,
  });
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
