import { storageDirectory } from '../site/site-rules.ts';
import type { Cluster } from '../site/site-document.ts';

/** Whether an engine's working directory, with its configuration, lies in the storage of its cluster. Pure. */
export function isInStorage(workingDirectory: string, directory: string): boolean {
  const plain = (path: string) => `${path.replace(/\/+$/, '')}/`;
  return plain(workingDirectory).startsWith(plain(directory));
}

/** Why members that have it there need no comparison, as a clause. Pure. */
export function inStorageWords({ isCopied }: { readonly isCopied: boolean }): string {
  return isCopied
    ? 'it is in the directory that the Active copies, and comes with every copy'
    : 'it is in the one directory that both members see';
}

/** Why the configuration of a cluster's engines needs no comparison, as a clause; null: it can differ. Pure. */
export function placeWords(cluster: Cluster): string | null {
  const isInside = cluster.members.every(({ server, engine }) =>
    isInStorage(engine.workingDirectory, storageDirectory(cluster, server)),
  );
  return isInside ? inStorageWords({ isCopied: cluster.storage.kind === 'copied' }) : null;
}
