import {
  maintenancePlan,
  maintenanceSteps,
  type MaintenanceStep,
} from '../../shared/failover/maintenance-plan.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { passiveIsAsked, type KeptMaintenance } from '../../shared/lease/kept-maintenance.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { isUnanswered } from './open-requests.ts';
import type { MemberParts } from './member-parts.ts';

export interface MaintenanceFailure {
  readonly step: MaintenanceStep;
  readonly error: string;
}

/**
 * Begins a maintenance step by step: it is on disk with the Passive, then here, before the store is asked, so that
 * whichever of them comes back alone knows of it. A step that fails undoes what was kept. An agent that dies on the way
 * resumes nothing: without the store's record what was kept has no effect, and is forgotten after a while by itself.
 *
 * @param operation under which the journal tells its steps
 */
export async function beginMaintenance(
  parts: MemberParts,
  { lease }: MemberFacts,
  asked: { readonly by: string; readonly reason: string; readonly lastsMs: number },
  operation: string,
): Promise<Result<void, MaintenanceFailure>> {
  const { maintenance, keeper, config, memory } = parts;
  const kept: KeptMaintenance = {
    storeId: memory.current().storeId,
    version: (lease.policyVersion ?? 0) + 1,
    ...asked,
  };
  const { serverName, peer } = config;
  const steps: Record<MaintenanceStep, () => Promise<Result<string, string>>> = {
    'keep-by-peer': async () => {
      if (!passiveIsAsked({ ...lease, peer: peer.server }))
        return succeed(`${peer.serverName} holds the lease`);
      const confirmed = await maintenance.askPeer(kept);
      return confirmed.ok ? succeed(`it is on disk on ${peer.serverName}`) : confirmed;
    },
    'keep-here': () => {
      const own = maintenance.keep(kept);
      return Promise.resolve(
        own.ok
          ? succeed(`it is on disk on ${serverName}`)
          : fail(`${serverName} does not keep it: ${own.error}`),
      );
    },
    'write-to-store': async () => {
      const changed = await keeper.changePolicy({ kind: 'maintenance', ...asked });
      return changed.ok ? succeed('the lease store has it on disk, and grants nothing') : changed;
    },
  };
  for (const step of maintenanceSteps) {
    const outcome = await told(parts, step, operation, steps[step]);
    if (outcome.ok) continue;
    if (undoes(step, outcome.error)) maintenance.withdraw(kept);
    return fail({ step, error: outcome.error });
  }
  return succeed(undefined);
}

/**
 * Not where the store may have taken it: without an answer its record tells, once it is heard; and where it has a later
 * version, its members judge by that what they keep.
 */
function undoes(step: MaintenanceStep, error: string): boolean {
  return step !== 'write-to-store' || !(isUnanswered(error) || error === 'version');
}

async function told(
  { clock, journal, memory }: MemberParts,
  step: MaintenanceStep,
  operation: string,
  run: () => Promise<Result<string, string>>,
): Promise<Result<string, string>> {
  const startedMs = clock.bootMs();
  const outcome = await run();
  const unknown = !outcome.ok && isUnanswered(outcome.error);
  const end = outcome.ok ? outcome.value : `${unknown ? 'outcome unknown' : 'failed'}: ${outcome.error}`;
  journal.append({
    kind: 'command',
    sentence: `Maintenance, ${maintenancePlan[step].title.toLowerCase()}: ${end}.`,
    step,
    result: outcome.ok ? 'ok' : unknown ? null : 'failed',
    operation,
    epoch: memory.current().epoch,
    tookMs: clock.bootMs() - startedMs,
  });
  return outcome;
}
