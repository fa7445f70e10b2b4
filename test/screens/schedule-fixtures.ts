import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ScheduledMove } from '../../shared/scheduling/scheduled-move.ts';
import { clusterOf, healthy } from './site-fixture.ts';

/** ig-north keeps a switchover of WK1 for tonight. */
export function scheduled(change: Partial<ScheduledMove> = {}): ConsoleSnapshot {
  const snapshot = healthy();
  clusterOf(snapshot, 'WK1').members[0]!.snapshot!.schedule = {
    ...{ id: 's-1', verb: 'switchover', to: 'ig-south', epoch: 47, by: 'admin-1', reason: 'kernel patch' },
    ...{ from: '2026-03-14T22:00:00.000Z', until: '2026-03-14T23:00:00.000Z', state: 'waiting', why: '' },
    ...change,
  };
  return snapshot;
}

/** The same after its window, in which the other member was not fit. */
export function scheduleSkipped(): ConsoleSnapshot {
  return scheduled({ state: 'skipped', why: 'until its end: ig-south: 1 of 2 guards beat.' });
}
