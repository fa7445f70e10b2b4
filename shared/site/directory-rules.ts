import { isWithin, plainPath } from './plain-path.ts';
import type { Cluster } from './site-document.ts';

/** Where a cluster has its storage, and the engines of its members their working directories. */
export interface StoredCluster {
  readonly id: string;
  readonly storage: {
    readonly kind: 'shared' | 'copied';
    readonly directory: string;
    /** Of a copied directory: where a server has it elsewhere. */
    readonly directories?: Readonly<Record<string, string>> | undefined;
  };
  readonly members: readonly { readonly server: string; readonly workingDirectory: string }[];
}

/** Two clusters whose directories are the same, or lie one inside the other. */
export interface DirectoryClash {
  /** Place in the list of the cluster whose storage is at fault; of two storages the later one. */
  readonly cluster: number;
  /** The server where it is so; null: wherever the shared directory is seen. */
  readonly server: string | null;
  readonly reason: string;
}

/** Where the storage of a cluster lies on one of its servers, without a slash at its end. */
export function storageDirectory({ storage }: Pick<Cluster, 'storage'>, server: string): string {
  const elsewhere = storage.kind === 'copied' ? storage.directories?.[server] : undefined;
  return (elsewhere ?? storage.directory).replace(/(?<=.)\/+$/, '');
}

/** A cluster of a site document, as far as its directories are concerned. Pure. */
export function storedCluster({ id, storage, members }: Cluster): StoredCluster {
  const directories = storage.kind === 'copied' ? storage.directories : undefined;
  return {
    id,
    storage: { kind: storage.kind, directory: storage.directory, directories },
    members: members.map(({ server, engine }) => ({ server, workingDirectory: engine.workingDirectory })),
  };
}

/**
 * Every two clusters of which one would write, move aside or mount what belongs to the other: storages that are the same
 * or lie one inside the other, and an engine's working directory inside the storage of another cluster. A shared
 * directory is one and the same wherever it is seen, a copied one belongs to its server. Links are not followed, and a
 * path that does not begin with a slash is left out. Pure.
 *
 * @param nameOf what a server is called in a sentence
 */
export function directoryClashes(
  clusters: readonly StoredCluster[],
  nameOf: (server: string) => string = (server) => server,
): DirectoryClash[] {
  return clusters.flatMap((second, cluster) =>
    clusters.slice(0, cluster).flatMap((first, earlier) => {
      const stored = storageClashes(first, second, nameOf).map((clash) => ({ ...clash, cluster }));
      if (stored.length > 0) return stored;
      return [
        ...engineClashes(first, second, nameOf).map((clash) => ({ ...clash, cluster })),
        ...engineClashes(second, first, nameOf).map((clash) => ({ ...clash, cluster: earlier })),
      ];
    }),
  );
}

type PlacedClash = Omit<DirectoryClash, 'cluster'>;
type NameOf = (server: string) => string;

function storageClashes(first: StoredCluster, second: StoredCluster, nameOf: NameOf): PlacedClash[] {
  if (first.storage.kind === 'shared' && second.storage.kind === 'shared') {
    const reason = overlapReason(first, second, null, nameOf);
    return reason === null ? [] : [{ server: null, reason }];
  }
  return commonServers(first, second).flatMap((server) => {
    const reason = overlapReason(first, second, server, nameOf);
    return reason === null ? [] : [{ server, reason }];
  });
}

function overlapReason(
  first: StoredCluster,
  second: StoredCluster,
  server: string | null,
  nameOf: NameOf,
): string | null {
  const [one, other] = [placeOf(first, server), placeOf(second, server)];
  if (one === null || other === null) return null;
  const what = server === null ? 'shared directory' : 'storage directory';
  const where = server === null ? '' : ` on ${nameOf(server)}`;
  if (one === other) return `${what} ${one}${where} is used twice: by ${first.id} and ${second.id}`;
  const lies = (inner: string, its: StoredCluster, outer: string, of: StoredCluster) =>
    `${what} ${inner} of ${its.id} lies in ${outer} of ${of.id}${where}; each cluster needs a directory of its own`;
  if (isWithin(other, one)) return lies(other, second, one, first);
  return isWithin(one, other) ? lies(one, first, other, second) : null;
}

/** What a takeover of `owner` would move aside, or have no more, under the engine of `guest`. */
function engineClashes(guest: StoredCluster, owner: StoredCluster, nameOf: NameOf): PlacedClash[] {
  return commonServers(guest, owner).flatMap((server) => {
    const storage = placeOf(owner, server);
    const [working, owners] = [guest, owner].map(({ members }) => {
      const path = members.find((member) => member.server === server)?.workingDirectory ?? '';
      return path.startsWith('/') ? plainPath(path) : null;
    });
    // Two engines in one working directory are told as that.
    if (storage === null || !working || working === owners || !isWithin(working, storage)) return [];
    const reason = `working directory ${working} of the engine of ${guest.id} lies in the storage ${storage} of ${owner.id} on ${nameOf(server)}`;
    return [{ server, reason }];
  });
}

function commonServers(first: StoredCluster, second: StoredCluster): string[] {
  const there = new Set(second.members.map(({ server }) => server));
  return [...new Set(first.members.map(({ server }) => server))].filter((server) => there.has(server));
}

function placeOf({ storage }: StoredCluster, server: string | null): string | null {
  const elsewhere = server === null || storage.kind === 'shared' ? undefined : storage.directories?.[server];
  const path = elsewhere ?? storage.directory;
  return path.startsWith('/') ? plainPath(path) : null;
}
