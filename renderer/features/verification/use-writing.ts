import { useState } from 'react';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

type WritingCall = 'judgeLine' | 'signVerification';

export interface Writing<Name extends WritingCall> {
  readonly write: (said: Omit<ConsoleRequest<Name>, 'seen'>) => Promise<boolean>;
  readonly writing: boolean;
  readonly error: ProductError | null;
}

/** Writes what a person says of exactly what is shown; where that has changed meanwhile, the person is told. */
export function useWriting<Name extends WritingCall>(
  call: Name,
  { verification: { move }, hash, signatures }: KeptVerification,
  onWritten: (kept: KeptVerification) => void,
): Writing<Name> {
  const { client } = useConsole();
  const [writing, setWriting] = useState(false);
  const [error, setError] = useState<ProductError | null>(null);
  const seen = { cluster: move.cluster, operation: move.operation, hash, signatures: signatures.length };
  const write: Writing<Name>['write'] = async (said) => {
    setWriting(true);
    setError(null);
    try {
      const { kept } = await client.call(call, { ...said, seen } as ConsoleRequest<Name>);
      onWritten(kept);
      return true;
    } catch (thrown) {
      setError(productErrorOf(thrown));
      return false;
    } finally {
      setWriting(false);
    }
  };
  return { write, writing, error };
}
