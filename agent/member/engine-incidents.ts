import type { MemberParts } from './member-parts.ts';

/** The lease is running out: the engine goes now, beside the loop and whatever step is under way. */
export async function stopInEmergency(parts: MemberParts, why: string, uncleanWaitMs: number): Promise<void> {
  const { runtime, config, service, keeper, clock, journal, memory, probes, servingMark } = parts;
  if (runtime.emergency) return;
  runtime.emergency = true;
  runtime.serving = false;
  runtime.acquireNotBeforeMs = clock.bootMs() + uncleanWaitMs;
  const { emergencyStop, K, D } = config.timing;
  const startedMs = clock.bootMs();
  const stopped =
    emergencyStop === 'kill' ? await service.kill() : await service.stop(Math.max(0, (K - 2 * D) * 1000));
  servingMark.remove();
  await probes.process.lookNow();
  runtime.startedEpoch = null;
  if (stopped.ok) keeper.disarm();
  journal.append({
    kind: 'alarm',
    sentence: `The engine was stopped at once because ${why}: ${stopped.ok ? 'its process is gone' : stopped.error}.`,
    epoch: memory.current().epoch,
    result: stopped.ok ? 'ok' : 'failed',
    tookMs: clock.bootMs() - startedMs,
  });
  runtime.emergency = false;
}

/** An engine that this agent started and did not stop is gone: it is no longer served, and it is counted. */
export function noticeEngineDeath(parts: MemberParts): void {
  const { runtime, probes, clock, keeper, memory, journal, servingMark, config } = parts;
  const stopped = probes.process.fact(clock.bootMs()).value?.process === 'stopped';
  if (!stopped || runtime.runningStep !== null || runtime.emergency) return;
  if (runtime.startedEpoch === null) {
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
