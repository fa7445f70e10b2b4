import { randomUUID } from 'node:crypto';
import { replaceStoreVerb, type Command } from '../../shared/agent-api/agent-api.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { typedName, whatIsKnown } from './before-the-statement.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/**
 * `ixha replace-store CLUSTER --reason TEXT`: asks a member that answers; it asks the other one. With `--fence STATE`
 * the other one is gone for good, and a person states that it is fenced.
 */
export async function replaceStore(call: CliCall): Promise<number> {
  const { targets, options, print } = call;
  const { cluster, json, fence } = options;
  if (cluster === undefined) {
    const next = `Add its name: ixha ${replaceStoreVerb} CLUSTER --reason TEXT.`;
    report(productError('request.invalid', 'The cluster is not named.', [], next), json);
    return exitCodes.usage;
  }
  const why: string[] = [];
  for (const target of targets) {
    const status = await fetchStatus(target);
    if (!status.ok) {
      why.push(status.error.message);
      continue;
    }
    const statement = fence === undefined ? {} : await statementOf(call, cluster, fence, status.value);
    const command: Command = {
      verb: replaceStoreVerb,
      cluster,
      target: null,
      epoch: status.value.lease.epoch,
      idempotencyKey: randomUUID(),
      reason: options.reason,
      ...statement,
    };
    const sent = await askCommand(target, command, json);
    if (!sent.accepted) return sent.exit;
    const who =
      fence === undefined ? `Both members of ${cluster} belong` : `${status.value.serverName} belongs`;
    const done = `${who} to the lease store that answers now (${sent.operation}); ixha why tells when it may grant.`;
    print(json ? JSON.stringify(sent) : done);
    return exitCodes.done;
  }
  report(productError('agent.unreachable', `No member of ${cluster} can be reached from here.`, why), json);
  return exitCodes.unreachable;
}

async function statementOf(
  { options, print }: CliCall,
  cluster: string,
  statement: NonNullable<Command['statement']>,
  snapshot: MemberSnapshot,
): Promise<Pick<Command, 'statement' | 'typedName'>> {
  if (!options.json) for (const line of whatIsKnown(snapshot, [])) print(line);
  return { statement, typedName: options.typedName ?? (await typedName(cluster)) };
}
