import { useEffect, useState } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { wallMs } from '../../../shared/fleet/timeline/role-bands.ts';
import { tellChange, type ToldChange } from '../../../shared/history/told-change.ts';
import { useConsole } from '../../app/console-context.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';

/** No change takes longer; what led to it was written before. */
const aroundMs = 10 * 60_000;
const recordsAtMost = 500;

export type Telling =
  | { readonly kind: 'reading' }
  | { readonly kind: 'told'; readonly change: ToldChange }
  /** The records at hand tell of no step of it. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly error: ProductError };

/** Reads everything around the picked record of a change and tells the change. For one operation: key it. */
export function useToldChange(
  record: JournalRecord,
  operation: string,
  nameOf: (server: string) => string,
): Telling {
  const { client } = useConsole();
  const [read, setRead] = useState<readonly JournalRecord[] | ProductError | null>(null);
  const { cluster } = record;
  const atMs = wallMs(record);
  useEffect(() => {
    let wanted = true;
    const request = {
      source: null,
      from: new Date(atMs - aroundMs).toISOString(),
      to: new Date(atMs + aroundMs).toISOString(),
      clusters: [cluster],
      kinds: [],
      text: '',
      limit: recordsAtMost,
      before: null,
      skip: 0,
    };
    client.call('readTimeline', request).then(
      ({ records }) => {
        if (wanted) setRead(records);
      },
      (thrown: unknown) => {
        if (wanted) setRead(productErrorOf(thrown));
      },
    );
    return () => {
      wanted = false;
    };
  }, [client, cluster, atMs]);
  if (read === null) return { kind: 'reading' };
  if ('code' in read) return { kind: 'failed', error: read };
  const change = tellChange(read, operation, nameOf);
  return change ? { kind: 'told', change } : { kind: 'nothing' };
}
