import { randomUUID } from 'node:crypto';
import { replaceStoreVerb, type Command } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/** `ixha replace-store CLUSTER --reason TEXT`: asks a member that answers; it asks the other one. */
export async function replaceStore({ targets, options, print }: CliCall): Promise<number> {
  const { cluster, json } = options;
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
    const command: Command = {
      verb: replaceStoreVerb,
      cluster,
      target: null,
      epoch: status.value.lease.epoch,
      idempotencyKey: randomUUID(),
      reason: options.reason,
    };
    const sent = await askCommand(target, command, json);
    if (!sent.accepted) return sent.exit;
    const done = `Both members of ${cluster} belong to the lease store that answers now (${sent.operation}); ixha why tells when it may grant.`;
    print(json ? JSON.stringify(sent) : done);
    return exitCodes.done;
  }
  report(productError('agent.unreachable', `No member of ${cluster} can be reached from here.`, why), json);
  return exitCodes.unreachable;
}
