import { useCallback, useState } from 'react';
import type { ProductError } from '../../../shared/errors.ts';
import type { ServerHardening } from '../../../shared/servers/hardening.ts';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

/** What one server has told of its units, when, and why nothing newer is known. */
export interface ReadHardening {
  readonly told: ServerHardening | null;
  readonly readAtMs: number;
  /** Null: the last look has been answered. */
  readonly error: ProductError | null;
  readonly awaited: boolean;
}

const nothing: ReadHardening = { told: null, readAtMs: 0, error: null, awaited: false };

/** The hardening of servers, read when it is asked for; each server answers, or not, by itself. */
export function useHardening() {
  const { client, ticker } = useConsole();
  const [reads, setReads] = useState<ReadonlyMap<string, ReadHardening>>(new Map());
  const begin = useCallback(
    (servers: readonly string[]) => {
      const change = (server: string, part: Partial<ReadHardening>) =>
        setReads((before) =>
          new Map(before).set(server, { ...nothing, ...before.get(server), ...part, awaited: false }),
        );
      setReads((before) => {
        const awaited = servers.map(
          (server) => [server, { ...nothing, ...before.get(server), awaited: true }] as const,
        );
        return new Map([...before, ...awaited]);
      });
      for (const server of servers)
        client
          .call('readServerHardening', { server })
          .then((told) => change(server, { told, readAtMs: ticker.now(), error: null }))
          .catch((thrown: unknown) => change(server, { error: productErrorOf(thrown) }));
    },
    [client, ticker],
  );
  return { reads, now: useNow(500), begin };
}
