import { randomUUID } from 'node:crypto';
import { forceVerb, type Command } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { fenceStatements } from '../../shared/lease/forced.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { findTaker, sendAndFollow } from './command-verbs.ts';
import { typedName, whatIsKnown } from './before-the-statement.ts';

/**
 * `ixha force-takeover CLUSTER --to SERVER --fence STATE --reason TEXT`: what is known comes first, then the sentence of
 * what can happen, then the name of the cluster is typed. There is no option that says yes to all of it.
 */
export async function forceTakeover(call: CliCall): Promise<number> {
  const { targets, options } = call;
  const { cluster, fence } = options;
  const unsaid = unsaidOf(call);
  if (unsaid !== null || cluster === undefined || fence === undefined) {
    report(productError('request.invalid', unsaid ?? '', [], callWords), options.json);
    return exitCodes.usage;
  }
  const asked = await findTaker(targets, cluster, options.to);
  if (!asked.ok) {
    report(asked.error, options.json);
    return exitCodes.unreachable;
  }
  const { target: member, snapshot } = asked.value;
  if (!options.json) {
    for (const line of whatIsKnown(snapshot, snapshot.forced?.blockers ?? [])) call.print(line);
  }
  if (!snapshot.store.reachable && !options.withoutStore) {
    const said = `The lease store does not answer ${snapshot.serverName}, so the epoch would be raised without it.`;
    const next = 'Bring the store back, or add --without-store when that cannot wait.';
    report(productError('command.refused', said, [], next), options.json);
    return exitCodes.attention;
  }
  const command: Command = {
    verb: forceVerb,
    cluster,
    target: member.server,
    epoch: snapshot.lease.epoch,
    idempotencyKey: randomUUID(),
    reason: options.reason,
    statement: fence,
    typedName: options.typedName ?? (await typedName(cluster)),
    withoutStore: options.withoutStore,
  };
  return sendAndFollow(call, member, command);
}

const callWords = `Say all of it: ixha ${forceVerb} CLUSTER --to SERVER --fence ${fenceStatements.join('|')} --reason TEXT.`;

function unsaidOf({ options }: CliCall): string | null {
  if (options.cluster === undefined) return 'The cluster is not named.';
  if (options.fence === undefined) return 'What you state of the other server is not said.';
  return options.reason.trim() === '' ? 'The reason is not said.' : null;
}
