import { randomUUID } from 'node:crypto';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { fetchStatus, sendCommand } from './agent-client.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { followChange } from './follow-change.ts';
import type { Target } from './targets.ts';

/** `ixha switchover|handover CLUSTER`: asks the Active's agent and follows the change to its end. */
export async function commandVerb(call: CliCall, verb: 'switchover' | 'handover'): Promise<number> {
  const { targets, options, print } = call;
  if (options.cluster === undefined) {
    const next = `Add its name: ixha ${verb} CLUSTER. ixha status lists the clusters.`;
    report(productError('request.invalid', 'The cluster is not named.', [], next), options.json);
    return exitCodes.usage;
  }
  const active = await findActive(targets, options.cluster);
  if (!active.ok) {
    report(active.error, options.json);
    return exitCodes.unreachable;
  }
  const { target: source, snapshot } = active.value;
  const sent = await sendCommand(source, {
    verb,
    cluster: options.cluster,
    target: options.to ?? null,
    epoch: snapshot.lease.epoch,
    idempotencyKey: randomUUID(),
    reason: options.reason,
  });
  if (!sent.ok) {
    report(sent.error, options.json);
    return exitCodes.unreachable;
  }
  if (!sent.value.accepted) {
    report(sent.value.error, options.json);
    return exitCodes.attention;
  }
  if (!options.wait) {
    print(options.json ? JSON.stringify(sent.value) : `accepted as ${sent.value.operation}`);
    return exitCodes.done;
  }
  return followChange(call, sent.value.operation);
}

/** The one who holds the lease; who cannot be heard, and what the others are, is told with the failure. */
async function findActive(
  targets: readonly Target[],
  cluster: string,
): Promise<Result<{ target: Target; snapshot: MemberSnapshot }, ProductError>> {
  const seen = await Promise.all(
    targets.map(async (target) => ({ target, status: await fetchStatus(target) })),
  );
  for (const { target, status } of seen) {
    if (status.ok && status.value.lease.state === 'held') return succeed({ target, snapshot: status.value });
  }
  const words = seen.map(({ target, status }) =>
    status.ok ? `${target.server} is ${status.value.role.observed}` : status.error.message,
  );
  const said = `No Active member of ${cluster} can be reached from here.`;
  return fail(productError('command.not-active', said, words));
}
