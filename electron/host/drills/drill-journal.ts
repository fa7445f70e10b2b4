import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { DrillRun } from './drill-run.ts';

/** Number of a record by server. */
export type Heads = ReadonlyMap<string, number>;

/**
 * Number of the newest record of each member's journal: what is told after it belongs to the drill. A history that is
 * read for the first time comes to it only later, so the member's own word counts as well.
 */
export async function headsOf(run: DrillRun): Promise<Heads> {
  const { database } = await run.ports.site.history();
  const { cluster } = run.record();
  return new Map(
    run
      .sight()
      .members.map(({ server, snapshot }) => [
        server,
        Math.max(database.head({ cluster, server }), snapshot?.journalHead ?? 0),
      ]),
  );
}

/** What the members have told since then, oldest first. */
export async function recordsAfter(
  run: DrillRun,
  heads: Heads,
  kind: JournalRecord['kind'],
): Promise<JournalRecord[]> {
  const { database } = await run.ports.site.history();
  const search = { from: null, to: null, clusters: [run.record().cluster], kinds: [kind], words: [] };
  const found = database.find({ ...search, limit: 200, skip: 0 });
  return found.filter(({ server, seq }) => seq > (heads.get(server) ?? 0)).reverse();
}
