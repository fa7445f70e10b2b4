import { createHash } from 'node:crypto';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { HistoryDatabase } from '../../../electron/host/history/history-database.ts';

/** Records of one journal that are added at once. */
const chunk = 1_000;
const serversOf = ['bench-north', 'bench-south'] as const;

export interface FillOptions {
  readonly records: number;
  readonly clusters: number;
  /** The newest record is about so old, and the oldest this much older. */
  readonly endMs: number;
  readonly spanMs: number;
}

/**
 * Fills a history with journals of clusters with two members each, evenly over the span and chained as agents chain
 * them. What is in them is as in a journal of months: mostly decisions and lease notes, some steps, alarms, changes of
 * role. Answers the clusters.
 */
export function fillHistory(database: HistoryDatabase, options: FillOptions): string[] {
  const { records, clusters, endMs, spanMs } = options;
  const names = Array.from({ length: clusters }, (_, index) => `BN${index + 1}`);
  const each = Math.floor(records / clusters / serversOf.length);
  for (const cluster of names) {
    for (const server of serversOf) {
      const next = journalWriter(cluster, server, { count: each, endMs, spanMs });
      for (let written = 0; written < each; written += chunk) {
        database.add({ cluster, server }, Array.from({ length: Math.min(chunk, each - written) }, next));
      }
    }
  }
  return names;
}

function journalWriter(
  cluster: string,
  server: string,
  { count, endMs, spanMs }: { readonly count: number; readonly endMs: number; readonly spanMs: number },
): () => JournalRecord {
  let seq = 0;
  let previous = '0'.repeat(64);
  return () => {
    seq += 1;
    const atMs = Math.round(endMs - spanMs + (spanMs * seq) / count);
    const change = Math.floor(seq / 40);
    const record: JournalRecord = {
      seq,
      wallTime: new Date(atMs).toISOString(),
      bootMs: atMs - (endMs - spanMs),
      cluster,
      server,
      epoch: 1 + change,
      ruleId: null,
      verdict: null,
      requestedBy: null,
      step: null,
      result: null,
      operation: null,
      tookMs: null,
      ...contentOf(seq, cluster, server, change),
      previous,
    };
    previous = createHash('sha256').update(JSON.stringify(record)).digest('hex');
    return record;
  };
}

function contentOf(
  seq: number,
  cluster: string,
  server: string,
  change: number,
): Pick<JournalRecord, 'kind' | 'sentence'> & Partial<JournalRecord> {
  const operation = `op-${cluster}-${change}`;
  const place = seq % 40;
  const isActive = (change % 2 === 0) === (server === serversOf[0]);
  if (place === 0) {
    const verdict = isActive ? 'active' : 'passive';
    return { kind: 'role', sentence: `${server} is ${verdict} with epoch ${1 + change}.`, verdict };
  }
  if (place < 8) {
    const step = ['drain', 'stop-pollers', 'stop-engine', 'acquire', 'prove-storage', 'start-engine'][
      place % 6
    ]!;
    return {
      kind: 'step',
      sentence: `Step ${step}: done well on ${server}.`,
      ruleId: 'R21',
      step,
      operation,
      result: 'ok',
      tookMs: 120 + place,
    };
  }
  if (place === 8) {
    const sentence = `admin-${change % 3} asked for a switchover of ${cluster}: accepted, because: patching.`;
    return { kind: 'command', sentence, requestedBy: `admin-${change % 3}`, operation, result: 'ok' };
  }
  if (place < 14) return { kind: 'lease', sentence: `Lease of epoch ${1 + change} granted.` };
  if (place === 14)
    return { kind: 'alarm', sentence: 'The peer does not answer; its last answer came 1.2 s ago.' };
  const sentence = `${server} stays as it is: it holds the lease of epoch ${1 + change}, its engine answers, and both guards beat.`;
  return { kind: 'decision', sentence, ruleId: 'R33' };
}
