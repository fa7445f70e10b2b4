import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import type { MemberName } from '../../../shared/history/site-then.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { ownPath } from '../own-path.ts';
import type { HistoryDatabase } from './history-database.ts';
import { readBundle, readBundleBytes, type ReadBundle } from './read-bundle.ts';
import { verifyChains, type JournalChain } from './verify-chains.ts';

/** A past that is looked at: that of the site shown, or what a bundle holds. */
export interface HistorySource {
  readonly database: HistoryDatabase;
  /** Members that belong to it, also those of which nothing is written. */
  readonly members: readonly MemberName[];
  /** How it is called in what is exported. */
  readonly name: string;
}

/** A bundle that is open, and what is told of it. */
export interface OpenBundle extends HistorySource {
  readonly id: string;
  readonly about: Omit<ReadBundle, 'journals'>;
  readonly chains: readonly JournalChain[];
  readonly cuts: readonly string[];
}

/** More than a person compares; the one opened first is forgotten. */
const openAtMost = 4;

/** The bundles that were opened since the console started; each in a database of its own, in memory only. */
export interface BundleShelf {
  open(path: string): Promise<Result<OpenBundle, ProductError>>;
  /** The same of a file that the page has read. */
  openBytes(bytes: Uint8Array, name: string): Promise<Result<OpenBundle, ProductError>>;
  /** Errors: bundle.not-open. */
  get(id: string): Result<OpenBundle, ProductError>;
  close(): void;
}

export function bundleShelf(): BundleShelf {
  const open = new Map<string, OpenBundle>();
  const shelve = (bundle: Result<OpenBundle, ProductError>) => {
    if (!bundle.ok) return bundle;
    open.set(bundle.value.id, bundle.value);
    for (const [id, { database }] of [...open].slice(0, -openAtMost)) {
      database.close();
      open.delete(id);
    }
    return bundle;
  };
  return {
    open: async (path) => shelve(await openBundle(path)),
    openBytes: async (bytes, name) => shelve(await opened(await readBundleBytes(bytes, name))),
    get: (id) => {
      const bundle = open.get(id);
      if (bundle !== undefined) return succeed(bundle);
      return fail(productError('bundle.not-open', 'This bundle is not open any more.'));
    },
    close: () => {
      for (const { database } of open.values()) database.close();
      open.clear();
    },
  };
}

/** Reads a bundle into a database of its own. Errors: bundle.unreadable, bundle.damaged, bundle.foreign. */
export async function openBundle(path: string): Promise<Result<OpenBundle, ProductError>> {
  return opened(await readBundle(resolve(ownPath(path))));
}

async function opened(read: Result<ReadBundle, ProductError>): Promise<Result<OpenBundle, ProductError>> {
  if (!read.ok) return read;
  const { journals, ...about } = read.value;
  // Loaded here and not with the console: SQLite is not needed for the first picture.
  const { openHistoryDatabase } = await import('./history-database.ts');
  const database = openHistoryDatabase(':memory:', '');
  for (const { cluster, server, records } of journals) database.add({ cluster, server }, records);
  return succeed({
    id: randomUUID(),
    about,
    database,
    name: about.fileName,
    members: journals.map(({ cluster, server }) => ({ cluster, server })),
    chains: verifyChains(database, { from: null, to: null, clusters: [] }),
    cuts: journals.flatMap(({ cluster, server, cut, wholeThere }) => [
      ...(cut === null ? [] : [`The journal of ${cluster} on ${server} is not whole in it: ${cut}`]),
      ...(wholeThere === false
        ? [`When it was collected, the journal of ${cluster} on ${server} did not fit its own chain.`]
        : []),
    ]),
  });
}
