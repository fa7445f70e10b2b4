import type { MemberMemory, MemoryFile } from '../../agent/member/member-memory.ts';
import type { WorldServer } from './world-server.ts';

/** The durable state of a member, as a record of the world. */
export function memoryOf(server: WorldServer): MemoryFile {
  const about = { schema: 1, siteId: 'site', cluster: 'WK1', server: server.name } as const;
  return {
    damaged: null,
    foreign: false,
    missing: false,
    meetStore: () => undefined,
    rebuild: ({ epoch, storeId }) => {
      server.disk = { epoch, ended: epoch, storeId, operation: null };
    },
    unwritable: () => null,
    current: (): MemberMemory => ({ ...about, ...server.disk }),
    update(change) {
      const next = { ...server.disk, ...change };
      if (next.epoch < server.disk.epoch || next.ended < server.disk.ended)
        throw new Error('epochs only grow');
      server.disk = next;
    },
  };
}
