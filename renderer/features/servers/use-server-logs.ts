import { useCallback, useEffect, useRef, useState } from 'react';
import type { ProductError } from '../../../shared/errors.ts';
import type { LogsRequest } from '../../../shared/servers/servers-view.ts';
import type { ServerLogs } from '../../../shared/support/server-logs.ts';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

const followEveryMs = 5_000;

/** Logs as they were read, and of which server. */
export interface ReadLogs {
  readonly server: string;
  readonly logs: ServerLogs;
  readonly readAtMs: number;
}

/** The logs of one server, read when they are asked for, and again and again while they are followed. */
export function useServerLogs(order: LogsRequest & { readonly follows: boolean }) {
  const { server, sinceSeconds, follows } = order;
  const { client, ticker } = useConsole();
  const [read, setRead] = useState<ReadLogs | null>(null);
  const [error, setError] = useState<ProductError | null>(null);
  const [awaited, setAwaited] = useState(false);
  const asked = useRef(0);
  const begin = useCallback(() => {
    const own = (asked.current += 1);
    // What was asked for before counts no more: its answer would be taken for that of another server.
    const ifLast = (work: () => void) => own === asked.current && work();
    setAwaited(true);
    client
      .call('readServerLogs', { server, sinceSeconds })
      .then((logs) =>
        ifLast(() => {
          setRead({ server, logs, readAtMs: ticker.now() });
          setError(null);
        }),
      )
      .catch((thrown: unknown) => ifLast(() => setError(productErrorOf(thrown))))
      .finally(() => ifLast(() => setAwaited(false)));
  }, [client, ticker, server, sinceSeconds]);
  useEffect(() => {
    if (!follows || awaited) return undefined;
    const timer = setTimeout(begin, read === null ? 0 : followEveryMs);
    return () => clearTimeout(timer);
  }, [follows, awaited, begin, read]);
  const ageMs = Math.max(0, useNow(500) - (read?.readAtMs ?? 0));
  return { read, error, awaited, ageMs, begin };
}
