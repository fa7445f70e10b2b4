import { useEffect, useState } from 'react';
import type { ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

export type Evidence = ConsoleResponse<'readEvidence'>;

export interface EvidenceReading {
  /** The last answer, kept while the next one is awaited; null before the first. */
  readonly evidence: Evidence | null;
  /** Since that answer came, in milliseconds. */
  readonly ageMs: number;
  readonly error: ProductError | null;
}

interface Read {
  readonly evidence: Evidence | null;
  readonly readAtMs: number;
  readonly error: ProductError | null;
  /** Of the reading that this answers. */
  readonly key: string;
}

/** The lists are long, so they are asked for only while they are looked at, and not with every snapshot. */
const readAgainMs = 4_000;

/** Reads the evidence of a cluster's members, again and again while it is shown. For one cluster: key it. */
export function useEvidence(cluster: string): EvidenceReading {
  const { client, ticker } = useConsole();
  const now = useNow(500);
  const [read, setRead] = useState<Read>({ evidence: null, readAtMs: 0, error: null, key: '' });
  const [turn, setTurn] = useState(0);
  const key = `${cluster} ${turn}`;
  useEffect(() => {
    let wanted = true;
    client.call('readEvidence', { cluster }).then(
      (evidence) => {
        if (wanted) setRead({ evidence, readAtMs: ticker.now(), error: null, key });
      },
      (thrown: unknown) => {
        if (wanted) setRead((last) => ({ ...last, error: productErrorOf(thrown), key }));
      },
    );
    return () => {
      wanted = false;
    };
  }, [client, ticker, cluster, key]);
  useEffect(() => {
    // The next reading begins only once this one has been answered.
    if (read.key !== key) return;
    const timer = setTimeout(() => setTurn((last) => last + 1), readAgainMs);
    return () => clearTimeout(timer);
  }, [read.key, key]);
  return { evidence: read.evidence, ageMs: Math.max(0, now - read.readAtMs), error: read.error };
}
