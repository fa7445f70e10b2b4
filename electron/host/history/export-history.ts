import { productError, type ProductError } from '../../../shared/errors.ts';
import { chainSentence } from '../../../shared/history/chain-sentence.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { csvText } from '../report/csv-text.ts';
import { sealReport } from '../report/seal-report.ts';
import type { FoundRecord } from './history-search.ts';
import type { HistorySource } from './history-sources.ts';
import { verifyChains, type JournalChain } from './verify-chains.ts';

/** What is exported at once at most: more is no file that anybody reads. */
const recordsAtMost = 200_000;
const pageOf = 5_000;

export interface ExportOrder {
  /** Wall times, ISO 8601 in UTC; null leaves that end open. */
  readonly from: string | null;
  readonly to: string | null;
  readonly clusters: readonly string[];
}

export interface ExportMaker {
  /** Wall time now. */
  readonly madeAt: string;
  readonly madeBy: string;
  readonly consoleVersion: string;
}

/** An export before it is written in one form or another. */
export interface HistoryExport extends ExportOrder, ExportMaker {
  readonly schema: 1;
  readonly kind: 'ixha-history-export';
  /** Site, or name of the bundle. */
  readonly source: string;
  readonly chains: readonly JournalChain[];
  /** Oldest first. */
  readonly records: readonly FoundRecord[];
}

/** The records of a time with the chain of each journal. Errors: request.invalid (more than fit into one file). */
export function exportHistory(
  { database, name }: Pick<HistorySource, 'database' | 'name'>,
  order: ExportOrder,
  maker: ExportMaker,
): Result<HistoryExport, ProductError> {
  const search = { ...order, kinds: [], words: [], limit: pageOf, skip: 0 };
  const total = database.count(search);
  if (total > recordsAtMost) {
    const said = `The span holds ${total} records; an export takes ${recordsAtMost} at most.`;
    return fail(productError('request.invalid', said, [], 'Choose a shorter span, or one cluster.'));
  }
  const records: FoundRecord[] = [];
  for (let page = database.page(search); page.end !== null;) {
    records.push(...page.records);
    page = database.page({ ...search, before: page.end });
  }
  return succeed({
    schema: 1,
    kind: 'ixha-history-export',
    source: name,
    ...order,
    ...maker,
    chains: verifyChains(database, order),
    records: records.reverse(),
  });
}

/** With the hash of its own content, as reports have it. */
export function exportJson(made: HistoryExport): string {
  return `${JSON.stringify(sealReport(made), null, 1)}\n`;
}

const head = [
  ...[
    'time',
    'cluster',
    'server',
    'journal',
    'record',
    'epoch',
    'kind',
    'sentence',
    'rule',
    'verdict',
    'who',
  ],
  ...[
    'step',
    'result',
    'operation',
    'took ms',
    'sha256 of the record before',
    'chain of its journal',
    'break',
  ],
];

/** One row per record; what its journal's chain has shown stands in each row, a break in the row where it is. */
export function exportCsv({ records, chains }: HistoryExport): string {
  const of = ({ cluster, server, life, seq }: FoundRecord) =>
    chains.filter(
      (chain) =>
        chain.cluster === cluster && chain.server === server && chain.life === life && holds(chain, seq),
    );
  return csvText([
    head,
    ...records.map((record) => {
      const own = of(record);
      const breaks = own.flatMap(({ breaks: all }) => all.filter(({ at }) => at === record.seq));
      return [
        ...[record.wallTime, record.cluster, record.server, String(record.life), String(record.seq)],
        String(record.epoch),
        ...[record.kind, record.sentence, record.ruleId ?? '', record.verdict ?? ''],
        ...[record.requestedBy ?? '', record.step ?? '', record.result ?? '', record.operation ?? ''],
        ...[record.tookMs === null ? '' : String(record.tookMs), record.previous],
        own.map(chainSentence).join(' '),
        breaks.map(({ sentence }) => sentence).join(' '),
      ];
    }),
  ]);
}

function holds({ first, last }: JournalChain, seq: number): boolean {
  return first !== null && last !== null && first <= seq && seq <= last;
}

/** `history-clinic-2026-03-14.csv`, safe as a name of a file. */
export function exportName({ source, madeAt }: HistoryExport, format: 'json' | 'csv'): string {
  const plain = source.replace(/\.(tar\.gz|tgz)$/, '').replaceAll(/[^A-Za-z0-9._-]+/g, '-');
  return `history-${plain}-${madeAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z.${format}`;
}
