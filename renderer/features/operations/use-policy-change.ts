import { useState } from 'react';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { navigate } from '../../app/route.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

export type PolicyWish = Pick<ConsoleRequest<'changePolicy'>, 'verb' | 'minutes' | 'reason'>;

/** What became of the last wish. */
export type PolicyOutcome =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'asking' }
  /** The lease store has it, `tookMs` after it was asked. */
  | { readonly kind: 'done'; readonly tookMs: number }
  | { readonly kind: 'refused'; readonly error: ProductError }
  /** No answer came: it may have been done, and the members will show it. */
  | { readonly kind: 'unknown'; readonly error: ProductError };

const nothing: PolicyOutcome = { kind: 'nothing' };

/** An agent that had no answer of its store in time says so with the same code. */
function kindOf({ code }: ProductError): 'refused' | 'unknown' {
  return code === 'server.timeout' ? 'unknown' : 'refused';
}

/** Asks for a change of what the agents do by themselves, and tells what became of it. */
export function usePolicyChange(cluster: string) {
  const { client, newKey, ticker } = useConsole();
  const [outcome, setOutcome] = useState<PolicyOutcome>(nothing);
  const change = async (wish: PolicyWish): Promise<void> => {
    setOutcome({ kind: 'asking' });
    const askedAtMs = ticker.now();
    try {
      const answer = await client.call('changePolicy', { cluster, idempotencyKey: newKey(), ...wish });
      if (!answer.accepted && answer.waits !== undefined) navigate({ page: 'second-person', cluster });
      setOutcome(
        answer.accepted
          ? { kind: 'done', tookMs: ticker.now() - askedAtMs }
          : { kind: kindOf(answer.error), error: answer.error },
      );
    } catch (thrown) {
      const error = productErrorOf(thrown);
      setOutcome({ kind: kindOf(error), error });
    }
  };
  return { outcome, change, forget: () => setOutcome(nothing) };
}
