import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';

/** The member's numbers as Prometheus text. Unknown values are left out, never written as zero. */
export function memberMetrics(snapshot: MemberSnapshot): string {
  const labels = `{cluster="${snapshot.cluster}",server="${snapshot.server}"}`;
  const values: readonly [string, number | null][] = [
    ['ixha_active', snapshot.role.observed === 'active' ? 1 : 0],
    ['ixha_epoch', snapshot.lease.epoch],
    ['ixha_lease_left_seconds', snapshot.lease.leftMs / 1000],
    ['ixha_store_reachable', snapshot.store.reachable ? 1 : 0],
    ['ixha_peer_reachable', snapshot.peer.reachable ? 1 : 0],
    ['ixha_guards_beating', snapshot.guards.filter((guard) => guard.beating).length],
    ['ixha_queued_messages', snapshot.engine.queued.value],
    ['ixha_blockers', snapshot.blockers.length],
  ];
  const lines = values
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}${labels} ${value}`);
  return `${lines.join('\n')}\n`;
}
