import { useEffect, useState } from 'react';
import type { ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

export type VerificationState = ConsoleResponse<'readVerification'>;

export interface VerificationReading {
  /** The last answer, kept while the next one is awaited; null before the first. */
  readonly state: VerificationState | null;
  readonly error: ProductError | null;
  /** Looks at the evidence again. */
  readonly checkAgain: () => void;
  /** What was written is shown at once. */
  readonly shown: (kept: KeptVerification) => void;
}

interface Read {
  readonly state: VerificationState | null;
  readonly error: ProductError | null;
  readonly key: string;
}

/** While it is under way it moves by itself; afterwards only another person changes it. */
const readAgainMs = { underWay: 1_000, settled: 4_000 } as const;

/**
 * Reads the verification of one move, again and again while it is shown. For one move: key it.
 *
 * @param wanted hash of the look that is wanted; null: the newest
 */
export function useVerification(
  cluster: string,
  operation: string | null,
  wanted: string | null,
): VerificationReading {
  const { client } = useConsole();
  const [read, setRead] = useState<Read>({ state: null, error: null, key: '' });
  const [turn, setTurn] = useState(0);
  const key = `${cluster} ${operation ?? ''} ${wanted ?? ''} ${turn}`;
  useEffect(() => {
    let isAwaited = true;
    client.call('readVerification', { cluster, operation, ...(wanted === null ? {} : { wanted }) }).then(
      (state) => {
        if (isAwaited) setRead({ state, error: null, key });
      },
      (thrown: unknown) => {
        if (isAwaited) setRead((last) => ({ ...last, error: productErrorOf(thrown), key }));
      },
    );
    return () => {
      isAwaited = false;
    };
  }, [client, cluster, operation, wanted, key]);
  const pauseMs = read.state?.progress ? readAgainMs.underWay : readAgainMs.settled;
  useEffect(() => {
    // The next reading begins only once this one has been answered.
    if (read.key !== key) return;
    const timer = setTimeout(() => setTurn((last) => last + 1), pauseMs);
    return () => clearTimeout(timer);
  }, [read.key, key, pauseMs]);
  const again = async (named: string) => {
    try {
      const state = await client.call('checkAgain', { cluster, operation: named });
      setRead((last) => ({ ...last, state, error: null }));
    } catch (thrown) {
      setRead((last) => ({ ...last, error: productErrorOf(thrown) }));
    }
  };
  return {
    state: read.state,
    error: read.error,
    checkAgain: () => {
      const named = read.state?.operation ?? operation;
      if (named !== null) void again(named);
    },
    shown: (kept) => setRead((last) => ({ ...last, state: last.state && { ...last.state, kept } })),
  };
}
