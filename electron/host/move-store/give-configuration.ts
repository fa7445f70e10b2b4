import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { ensureUnit } from '../install/arming.ts';
import { executeStep } from '../install/execute-step.ts';
import { planInstall, type PlacingStep } from '../install/plan.ts';
import type { SiteKeys } from '../install/profile.ts';
import { placesOf, unitsOf } from '../install/server-paths.ts';
import { lookAt, type ServerWork } from '../install/server-work.ts';

/** Puts the configuration of one cluster's agent on one server, and has the agent take it by a restart. */
export async function giveConfiguration(
  { wanted, connection }: ServerWork,
  cluster: string,
  keys: SiteKeys,
): Promise<Result<boolean, ProductError>> {
  const facts = await lookAt(connection, wanted);
  if (!facts.ok) return facts;
  const steps = planInstall(facts.value, wanted).filter(({ step, needed }) => needed && isOf(step, cluster));
  for (const { step } of steps) {
    const placed = await executeStep(connection, step, keys);
    if (!placed.ok) return placed;
  }
  const { agent } = unitsOf(cluster);
  const restarted = await ensureUnit({ wanted, connection, facts: facts.value }, agent, new Set([agent]));
  return restarted.ok ? succeed(true) : restarted;
}

/** What the agent reads of itself: not the program, and not what guards and engine read. */
function isOf(step: PlacingStep, cluster: string): boolean {
  const below = (path: string) => path.startsWith(`${placesOf(cluster).configuration}/`);
  if (step.kind === 'directory') return below(step.directory.path);
  return step.kind === 'file' && below(step.file.path) && step.file.restarts.includes(unitsOf(cluster).agent);
}
