import type { DraftServer, SetupDraft } from './draft.ts';

/** A port that the others have to reach, and what it is for. */
export interface NeededPort {
  readonly port: number;
  readonly purpose: string;
}

/**
 * What will have to be reached on a server: the agents of every cluster that is planned (of one, while none is), and on
 * the third machine the lease store. Before the clusters are said every member may get one.
 */
export function neededPorts({ clusters, leaseStore }: SetupDraft, server: DraftServer): NeededPort[] {
  if (server.purpose !== 'member') {
    const isStore = leaseStore.server === null || leaseStore.server === server.id;
    return isStore && leaseStore.port !== null ? [{ port: leaseStore.port, purpose: 'the lease store' }] : [];
  }
  const planned =
    clusters.length > 0
      ? clusters.filter(({ members }) => members.some((member) => member.server === server.id))
      : [{ id: 'the first cluster', index: 0 }];
  return planned.flatMap(({ id, index }) => [
    { port: 7670 + 10 * index, purpose: `the agent of ${id}` },
    { port: 7671 + 10 * index, purpose: `/active of ${id}` },
  ]);
}
