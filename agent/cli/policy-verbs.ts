import { randomUUID } from 'node:crypto';
import { timedVerbs, type PolicyVerb, type Command } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/** `ixha maintenance|end-maintenance|block-failover|allow-failover CLUSTER`: asks a member that answers. */
export async function policyVerb(call: CliCall, verb: PolicyVerb): Promise<number> {
  const { targets, options, print } = call;
  const misuse = (sentence: string, next: string) => {
    report(productError('request.invalid', sentence, [], next), options.json);
    return exitCodes.usage;
  };
  if (options.cluster === undefined) {
    return misuse('The cluster is not named.', `Add its name: ixha ${verb} CLUSTER.`);
  }
  if (timedVerbs.includes(verb) && options.minutes === undefined) {
    return misuse(
      'How long it shall last is not said: it always ends by itself.',
      `Add it: ixha ${verb} ${options.cluster} --minutes 30.`,
    );
  }
  const seen = await Promise.all(
    targets.map(async (target) => ({ target, status: await fetchStatus(target) })),
  );
  const heard = seen.filter(({ status }) => status.ok);
  const active = heard.find(({ status }) => status.ok && status.value.lease.state === 'held');
  const chosen = active ?? heard[0];
  if (!chosen?.status.ok) {
    const why = seen.flatMap(({ status }) => (status.ok ? [] : [status.error.message]));
    const said = `No member of ${options.cluster} can be reached from here.`;
    report(productError('agent.unreachable', said, why), options.json);
    return exitCodes.unreachable;
  }
  const command: Command = {
    verb,
    cluster: options.cluster,
    target: null,
    epoch: chosen.status.value.lease.epoch,
    idempotencyKey: randomUUID(),
    reason: options.reason,
    ...(options.minutes === undefined ? {} : { minutes: options.minutes }),
  };
  const sent = await askCommand(chosen.target, command, options.json);
  if (!sent.accepted) return sent.exit;
  print(options.json ? JSON.stringify(sent) : doneWords(verb, options.cluster, options.minutes));
  return exitCodes.done;
}

function doneWords(verb: PolicyVerb, cluster: string, minutes: number | undefined): string {
  switch (verb) {
    case 'maintenance':
      return `${cluster} is in maintenance for ${minutes} min; nothing is started, stopped or moved by itself.`;
    case 'end-maintenance':
      return `The maintenance of ${cluster} has ended.`;
    case 'block-failover':
      return `Automatic failover of ${cluster} is blocked for ${minutes} min.`;
    case 'allow-failover':
      return `Automatic failover of ${cluster} is allowed again.`;
  }
}
