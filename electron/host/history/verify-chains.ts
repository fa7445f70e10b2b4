import { createHash } from 'node:crypto';
import { followChain, type ChainVerdict } from '../../../shared/history/journal-chain.ts';
import type { HistoryDatabase } from './history-database.ts';

/** The chain of one life of one journal, as far as a time reaches. */
export interface JournalChain extends ChainVerdict {
  readonly cluster: string;
  readonly server: string;
  /** 1 for the first journal of that member that is here; one that was begun anew has a further one. */
  readonly life: number;
}

/**
 * Follows the chain of every journal over a time: from the record before the first one in it to the one behind the last
 * one, so that both ends are held by what stands beside them.
 */
export function verifyChains(
  database: HistoryDatabase,
  span: { readonly from: string | null; readonly to: string | null; readonly clusters: readonly string[] },
): JournalChain[] {
  return database.spans(span).map(({ cluster, server, life, first, last, heldFirst, heldLast }) => {
    const from = Math.max(heldFirst, first - 1);
    const to = Math.min(heldLast, last + 1);
    const records = database.chain({ cluster, server }, life, from, to);
    return { cluster, server, life, ...followChain(records, sha256) };
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
