import { randomUUID } from 'node:crypto';
import type { Command, MoveVerb } from '../../shared/agent-api/agent-api.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { followChange } from './follow-change.ts';
import { tellPlan } from './plan-verb.ts';
import type { Target } from './targets.ts';

/**
 * `ixha switchover|handover|failback|failover CLUSTER`: asks the Active's agent, or for a failover the one that shall
 * take over, and follows the change to its end.
 */
export async function commandVerb(call: CliCall, verb: MoveVerb): Promise<number> {
  const { targets, options } = call;
  if (options.cluster === undefined) {
    const next = `Add its name: ixha ${verb} CLUSTER. ixha status lists the clusters.`;
    report(productError('request.invalid', 'The cluster is not named.', [], next), options.json);
    return exitCodes.usage;
  }
  if (options.plan) return tellPlan(call, verb, options.cluster);
  const asked =
    verb === 'failover'
      ? await findTaker(targets, options.cluster, options.to)
      : await findActive(targets, options.cluster);
  if (!asked.ok) {
    report(asked.error, options.json);
    return exitCodes.unreachable;
  }
  const { target: member, snapshot } = asked.value;
  const command: Command = {
    verb,
    cluster: options.cluster,
    target: options.to ?? null,
    epoch: snapshot.lease.epoch,
    idempotencyKey: randomUUID(),
    reason: options.reason,
  };
  return sendAndFollow(call, member, command);
}

/** Sends a change and, unless told not to wait, follows it to its end. */
export async function sendAndFollow(call: CliCall, member: Target, command: Command): Promise<number> {
  const { options, print } = call;
  const sent = await askCommand(member, command, options.json);
  if (!sent.accepted) return sent.exit;
  if (!options.wait) {
    print(options.json ? JSON.stringify(sent) : `accepted as ${sent.operation}`);
    return exitCodes.done;
  }
  return followChange(call, sent.operation);
}

/** Who shall take over: the one that is named, or the only one that answers without holding the lease. */
export async function findTaker(
  targets: readonly Target[],
  cluster: string,
  to: string | undefined,
): Promise<Result<{ target: Target; snapshot: MemberSnapshot }, ProductError>> {
  const wanted = targets.filter(({ server }) => to === undefined || server === to);
  const heard: { target: Target; snapshot: MemberSnapshot }[] = [];
  const silent: string[] = [];
  for (const target of wanted) {
    const status = await fetchStatus(target);
    if (!status.ok) silent.push(status.error.message);
    else if (status.value.lease.state !== 'held') heard.push({ target, snapshot: status.value });
  }
  const [only, more] = heard;
  if (only !== undefined && more === undefined) return succeed(only);
  if (only !== undefined) {
    const said = `Both members of ${cluster} answer and none is Active: who shall take over is not said.`;
    return fail(productError('request.invalid', said, [], 'Name it: --to SERVER.'));
  }
  const said = `No member of ${cluster} that could take over can be reached from here.`;
  return fail(productError('agent.unreachable', said, silent));
}

/** The one who holds the lease; who cannot be heard, and what the others are, is told with the failure. */
export async function findActive(
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
