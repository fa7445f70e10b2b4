import { storageDirectory } from '../site/directory-rules.ts';
import { isWithin } from '../site/plain-path.ts';
import type { Cluster } from '../site/site-document.ts';

/** Why members that have it there need no comparison, as a clause. Pure. */
export function inStorageWords({ isCopied }: { readonly isCopied: boolean }): string {
  return isCopied
    ? 'it is in the directory that the Active copies, and comes with every copy'
    : 'it is in the one directory that both members see';
}

/** Why the configuration of a cluster's engines needs no comparison, as a clause; null: it can differ. Pure. */
export function placeWords(cluster: Cluster): string | null {
  const isInside = cluster.members.every(({ server, engine }) =>
    isWithin(engine.workingDirectory, storageDirectory(cluster, server)),
  );
  return isInside ? inStorageWords({ isCopied: cluster.storage.kind === 'copied' }) : null;
}
