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

/** What is under way by a person's wish, and what this member tells of the link itself. */
const noTrouble = /^peer-(silent|change-running|maintenance)$/;

/**
 * What keeps the other member from taking over, as it has told its Active, or that this is not known: for the word that
 * all is well, which the Active gives for both. Pure.
 */
export function troublesOfPeer({
  cluster,
  blockers,
}: Pick<MemberSnapshot, 'cluster' | 'blockers'>): string[] {
  return blockers
    .filter(({ code }) => code.startsWith('peer-') && !noTrouble.test(code))
    .map(({ reason }) => `${cluster}: ${reason}`);
}
