import type { Step } from '../../shared/failover/member-facts.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberParts } from './member-parts.ts';
import { openActive } from './open-active.ts';

/**
 * The engine ran before this agent and goes on running: its storage is proven beside it. The generation stays what it
 * was when the engine started, as for every Active whose epoch grows while it serves; the next takeover raises it. Only
 * a copied directory is claimed for the epoch, so that no copy of an earlier time is placed over it later. From the
 * moment that the deadline is written it is protected like any other.
 */
export async function adoptEngine(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { storage, runtime, keeper, clock, probes, copies } = parts;
  const claimed = (await storage.claim?.(step.epoch)) ?? succeed(null);
  if (!claimed.ok) return claimed;
  copies?.forget();
  const proven = await storage.prove(step.epoch);
  if (!proven.ok) return proven;
  const { generation } = proven.value;
  if (generation > step.epoch)
    return fail(`its storage carries epoch ${generation}: somebody has taken it over`);
  runtime.generation = { value: generation, ageMs: 0 };
  runtime.provenEpoch = step.epoch;
  runtime.provenAtMs = clock.bootMs();
  await probes.process.lookNow();
  if (probes.process.fact(clock.bootMs()).value?.process !== 'running')
    return fail('its engine is not seen running');
  const armed = keeper.arm();
  if (!armed.ok) return armed;
  runtime.startedEpoch = step.epoch;
  // Its components and pollers are as people have left them.
  runtime.pollersStarted = true;
  const opened = await openActive(parts, step);
  if (!opened.ok) return opened;
  const aside = claimed.value === null ? '' : `; a copy of an earlier time lies in ${claimed.value}`;
  return succeed(`the guards' deadline is written, the engine runs on; ${opened.value}${aside}`);
}
