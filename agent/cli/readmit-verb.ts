import { randomUUID } from 'node:crypto';
import { readmitVerb } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus, sendCommand } from './agent-client.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/** `ixha readmit CLUSTER --server SERVER --reason TEXT`: takes a member back whose state is of another machine. */
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
  const sent = await sendCommand(member, {
    verb: readmitVerb,
    cluster: options.cluster,
    target: null,
    epoch: status.value.lease.epoch,
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
  const done = `${member.server} is re-admitted for ${options.cluster}; its state begins anew once store and peer answer.`;
  print(options.json ? JSON.stringify(sent.value) : done);
  return exitCodes.done;
}
