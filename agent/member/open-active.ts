import type { Step } from '../../shared/failover/member-facts.ts';
import { succeed, type Result } from '../../shared/result.ts';
import type { MemberParts } from './member-parts.ts';

/** From now on the load balancer is told to send here. */
export async function openActive(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { runtime, clock, probes } = parts;
  const marked = await markServing(parts, step.epoch);
  runtime.serving = true;
  parts.heldChecks.look();
  if (runtime.startBeganMs !== null) runtime.lastStartMs = clock.bootMs() - runtime.startBeganMs;
  runtime.startBeganMs = null;
  // Nothing waits for it: whoever asks now shall not read the generation from before the takeover.
  void probes.storage.lookNow();
  return succeed(`/active answers 200${marked}`);
}

/** Only a restarted agent reads the mark: an Active serves without it. */
export async function markServing(
  { servingMark, runtime, service }: MemberParts,
  epoch: number,
): Promise<string> {
  const life = (await service.life?.().catch(() => null)) ?? null;
  try {
    servingMark.write({ epoch, pollersStarted: runtime.pollersStarted, life });
    return '';
  } catch (error) {
    return `; its mark for a restart could not be written: ${String(error)}`;
  }
}
