import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { clusterOf } from './site-fixture.ts';

/** After a takeover: the Active has had the storage withdrawn from the server that it does not hear. */
export function cutOffIn(snapshot: ConsoleSnapshot): ConsoleSnapshot {
  const active = clusterOf(snapshot, 'WK1').members.find(
    (member) => member.snapshot?.role.observed === 'active' && member.link.state === 'connected',
  );
  active!.snapshot!.storage.cut = {
    program: '/usr/local/sbin/cut-wk1',
    trouble: null,
    other: {
      name: 'ig-north',
      epoch: 48,
      outcome: 'cut',
      wallTime: '2026-03-14T04:30:44.000Z',
      seen: 'the export of /iguana/wk1 for 10.20.5.11 is withdrawn, after 412 ms',
      notLetIn: null,
    },
  };
  return snapshot;
}
