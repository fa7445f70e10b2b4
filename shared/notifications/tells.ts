import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';

/**
 * Whether this member tells what both can see: the holder of the lease does; with nobody to ask each does, since a
 * message too many is better than none; while nobody holds the lease, the one whose name comes first. Pure.
 */
export function tellsForCluster({ lease, peer, server }: MemberSnapshot): boolean {
  if (lease.state === 'held' || !peer.reachable) return true;
  if (lease.state === 'other' || peer.role === 'active' || peer.role === 'taking-over') return false;
  return server < peer.server;
}
