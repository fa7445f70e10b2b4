import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { clusterOf } from './site-fixture.ts';

/** WK1's directory is mounted on the Active only; `trouble`: why the Passive still has it, null: it has not. */
export function mountedIn(snapshot: ConsoleSnapshot, trouble: string | null = null): ConsoleSnapshot {
  for (const { snapshot: member } of clusterOf(snapshot, 'WK1').members) {
    if (!member) continue;
    const { storage } = member;
    const mounted = member.role.observed === 'active' || trouble !== null;
    storage.mount = {
      unit: 'iguana-wk1.mount',
      mounted,
      trouble: member.role.observed === 'active' ? null : trouble,
    };
    if (mounted) continue;
    storage.proven = { ...storage.proven, value: { tookMs: 0, usedPercent: null, unmounted: true } };
    storage.generation = { ...storage.generation, value: null, why: 'nothing is mounted there' };
  }
  return snapshot;
}
