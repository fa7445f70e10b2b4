import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { conditionsOf } from '../../shared/notifications/conditions.ts';
import { markOf } from '../../shared/notifications/known-conditions.ts';

/** The same site, whose agents keep acknowledgements and have none. */
export function acknowledgeable(snapshot: ConsoleSnapshot): ConsoleSnapshot {
  for (const { members } of snapshot.site!.clusters) {
    for (const member of members) {
      if (member.snapshot !== null) member.snapshot = { ...member.snapshot, acknowledged: [] };
    }
  }
  return snapshot;
}

/** The same site, with every alarm of its members acknowledged. */
export function acknowledgedIn(snapshot: ConsoleSnapshot): ConsoleSnapshot {
  for (const { members } of snapshot.site!.clusters) {
    for (const member of members) {
      if (member.snapshot === null) continue;
      const acknowledged = conditionsOf(member.snapshot).map((condition) => ({
        name: condition.name,
        mark: markOf(condition),
        by: 'owner-1',
        at: '2026-03-14T04:20:00.000Z',
        comment: 'the cause is known, the storage team works on it',
        agoMs: 684_000,
      }));
      member.snapshot = { ...member.snapshot, acknowledged };
    }
  }
  return snapshot;
}
