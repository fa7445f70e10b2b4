import { randomUUID } from 'node:crypto';
import { readmitVerb, type Command } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/** `ixha readmit CLUSTER --server SERVER --reason TEXT`: takes a member back, see accept-readmission.ts. */
export async function readmit({ targets, options, print }: CliCall): Promise<number> {
  const [member, more] = targets;
  if (options.cluster === undefined || member === undefined || more !== undefined) {
    const next = 'Name both: ixha readmit CLUSTER --server SERVER --reason TEXT.';
    report(productError('request.invalid', 'Which member is not said.', [], next), options.json);
    return exitCodes.usage;
  }
  const status = await fetchStatus(member);
  if (!status.ok) {
    report(status.error, options.json);
    return exitCodes.unreachable;
  }
  const command: Command = {
    verb: readmitVerb,
    cluster: options.cluster,
    target: null,
    epoch: status.value.lease.epoch,
    idempotencyKey: randomUUID(),
    reason: options.reason,
  };
  const sent = await askCommand(member, command, options.json);
  if (!sent.accepted) return sent.exit;
  const foreign = status.value.forced?.readmission?.kind === 'foreign-state';
  const anew = foreign ? '; its state begins anew once store and peer answer' : '';
  const done = `${member.server} is re-admitted for ${options.cluster}${anew}.`;
  print(options.json ? JSON.stringify(sent) : done);
  return exitCodes.done;
}
