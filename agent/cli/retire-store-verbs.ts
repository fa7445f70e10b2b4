import { retireStoreVerb, reinstateStoreVerb } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { askTheActive } from './ask-the-active.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/**
 * `ixha retire-store CLUSTER --to TEXT --reason TEXT` and `ixha reinstate-store CLUSTER --reason TEXT`: the steps of a
 * move of the lease store that agents take, for a person who has to finish or take back one by hand.
 */
export async function retireStoreCall(
  call: CliCall,
  verb: typeof retireStoreVerb | typeof reinstateStoreVerb,
): Promise<number> {
  const { options, print } = call;
  const { cluster, to } = options;
  const retires = verb === retireStoreVerb;
  if (cluster === undefined || (retires && to === undefined)) {
    const next = `Name both: ixha ${verb} CLUSTER${retires ? ' --to TEXT' : ''} --reason TEXT.`;
    const what = cluster === undefined ? 'The cluster' : 'What takes the place of the lease store';
    report(productError('request.invalid', `${what} is not named.`, [], next), options.json);
    return exitCodes.usage;
  }
  const sent = await askTheActive(call, verb, cluster, retires && to !== undefined ? { successor: to } : {});
  if (!sent.accepted) return sent.exit;
  const done = retires
    ? `The lease store of ${cluster} is retired; the Active lives on its peer’s promise until both belong to ${to}.`
    : `The lease store of ${cluster} grants and renews again.`;
  print(options.json ? JSON.stringify(sent) : done);
  return exitCodes.done;
}
