import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import type { ProductError } from '../../shared/errors.ts';
import { fetchJournal, fetchStatus } from './agent-client.ts';
import type { CliOptions } from './cli-call.ts';
import type { Target } from './targets.ts';

export interface Journals {
  /** Of all members, oldest first. */
  readonly records: readonly JournalRecord[];
  readonly missing: readonly {
    readonly server: string;
    readonly cluster: string;
    readonly error: ProductError;
  }[];
  /** Members whose journal does not fit its own chain. */
  readonly broken: readonly string[];
}

/** The newest records of the members asked, or those from `--from` on. */
export async function readJournals(
  targets: readonly Target[],
  options: Pick<CliOptions, 'from' | 'limit'>,
): Promise<Journals> {
  const pages = await Promise.all(
    targets.map(async (target) => {
      const status = await fetchStatus(target);
      const from =
        options.from > 1 || !status.ok
          ? options.from
          : Math.max(1, status.value.journalHead - options.limit + 1);
      return { target, page: await fetchJournal(target, from, options.limit) };
    }),
  );
  return {
    records: pages
      .flatMap(({ page }) => (page.ok ? page.value.records : []))
      .sort((one, other) => one.wallTime.localeCompare(other.wallTime) || one.seq - other.seq),
    missing: pages.flatMap(({ target, page }) =>
      page.ok ? [] : [{ server: target.server, cluster: target.cluster, error: page.error }],
    ),
    broken: pages
      .filter(({ page }) => page.ok && page.value.chainBroken)
      .map(({ target }) => `${target.cluster} on ${target.server}`),
  };
}
