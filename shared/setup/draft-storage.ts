import type { StoredCluster } from '../site/directory-rules.ts';
import { asUsual, type DraftCluster } from './draft.ts';

/** Where a copied directory of a draft lies elsewhere, by the server's place in the draft, as far as it was said. Pure. */
export function draftDirectories({
  storage,
  copy = asUsual,
}: DraftCluster): Readonly<Record<string, string>> {
  if (storage !== 'copied') return {};
  return Object.fromEntries(Object.entries(copy.directories).filter(([, path]) => path.trim() !== ''));
}

/** The directory of a cluster on one server of the draft, as it was typed. Pure. */
export function draftDirectory(cluster: DraftCluster, server: string): string {
  return draftDirectories(cluster)[server] ?? cluster.directory;
}

/** A cluster of a draft, as far as its directories are concerned. Pure. */
export function storedDraftCluster(cluster: DraftCluster): StoredCluster {
  const { id, storage: kind = 'shared', directory, members } = cluster;
  return { id, storage: { kind, directory, directories: draftDirectories(cluster) }, members };
}
