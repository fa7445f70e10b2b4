import { timedVerbs, type PolicyVerb } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { askTheActive } from './ask-the-active.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/** `ixha maintenance|end-maintenance|block-failover|allow-failover CLUSTER`: asks a member that answers. */
export async function policyVerb(call: CliCall, verb: PolicyVerb): Promise<number> {
  const { options, print } = call;
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
  const { minutes, cluster } = options;
  const sent = await askTheActive(call, verb, cluster, minutes === undefined ? {} : { minutes });
  if (!sent.accepted) return sent.exit;
  print(options.json ? JSON.stringify(sent) : doneWords(verb, cluster, minutes));
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
