import { useState } from 'react';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

export type PolicyWish = Pick<ConsoleRequest<'changePolicy'>, 'verb' | 'minutes' | 'reason'>;

/** Asks for a change of what the agents do by themselves; answers whether it was taken. */
export function usePolicyChange(cluster: string) {
  const { client, newKey } = useConsole();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<ProductError | null>(null);
  const change = async (wish: PolicyWish): Promise<boolean> => {
    setPending(true);
    setError(null);
    try {
      const answer = await client.call('changePolicy', { cluster, idempotencyKey: newKey(), ...wish });
      if (!answer.accepted) setError(answer.error);
      return answer.accepted;
    } catch (thrown) {
      setError(productErrorOf(thrown));
      return false;
    } finally {
      setPending(false);
    }
  };
  return { change, pending, error };
}
