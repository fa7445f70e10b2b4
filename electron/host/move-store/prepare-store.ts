import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import { startAgent } from '../install/arming.ts';
import { place } from '../install/install-site.ts';
import { planInstall, unitsToRestart } from '../install/plan.ts';
import type { Prepared } from '../install/prepare-site.ts';
import { witnessUnit } from '../install/server-paths.ts';
import type { ServerWork } from '../install/server-work.ts';
import { agentAnswers } from '../install/verify.ts';
import type { MoveScene } from './move-cluster.ts';

const answersWithinMs = 30_000;

/** Has the next store stand ready, without any record: a witness is installed and started. An etcd is there already. */
export async function prepareStore(
  scene: MoveScene,
  prepared: Prepared,
): Promise<Result<void, ProductError[]>> {
  const witness = prepared.works.find(({ wanted }) => wanted.isWitness);
  return witness === undefined ? succeed(undefined) : installWitness(scene, witness, prepared);
}

async function installWitness(
  { to, ask, record }: MoveScene,
  work: ServerWork,
  { keys }: Prepared,
): Promise<Result<void, ProductError[]>> {
  const { wanted, facts } = work;
  const placed = await place(work, planInstall(facts, wanted), keys, record);
  if (!placed.ok) return fail([placed.error]);
  const up = await startAgent(work, witnessUnit, unitsToRestart(placed.value), record);
  if (!up.ok) return fail([up.error]);
  const endpoint = agentEndpoints(to).find(({ part }) => part === 'witness')!;
  const answers = await agentAnswers(ask, endpoint, answersWithinMs);
  return answers.ok ? succeed(undefined) : fail([answers.error]);
}
