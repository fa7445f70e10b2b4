import type { BundleView } from '../../../shared/console-ipc/history-calls.ts';
import type { OpenBundle } from './history-sources.ts';

/** What people are told of a bundle that was opened. */
export function bundleView({ id, about, database, members, chains, cuts }: OpenBundle): BundleView {
  const all = { from: null, to: null, clusters: [], kinds: [], words: [], limit: 1, skip: 0 };
  const records = database.count(all);
  const [newest] = database.find(all);
  const [oldest] = records === 0 ? [] : database.find({ ...all, skip: records - 1 });
  const { fileName, site, madeAt, productVersion, missing } = about;
  return {
    ...{ id, fileName, site, madeAt, productVersion, records, members, chains },
    from: oldest?.wallTime ?? null,
    to: newest?.wallTime ?? null,
    lacks: [...cuts, ...missing.map(({ from, what, why }) => `Missing from ${from}: ${what}. ${why}`)],
  };
}
