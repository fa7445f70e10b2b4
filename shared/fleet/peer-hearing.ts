import { valueIntervalMs } from './age.ts';
import { otherMember } from './cluster-role.ts';
import { ageNow, type ClusterSight, type MemberSight } from './sight.ts';

/**
 * Milliseconds since `member` last had an answer from its peer, when that is too long ago to call the
 * peer heard; null while it hears it. An agent itself waits longer before it calls its peer silent.
 */
export function peerSilentFor(member: MemberSight): number | null {
  const peer = member.snapshot?.peer;
  if (!peer) return Infinity;
  const answered = ageNow(member, peer.answeredMs) ?? Infinity;
  return peer.reachable && answered <= 3 * valueIntervalMs.link ? null : answered;
}

/**
 * True when the other member had an answer from a silent `member` clearly after the console last heard
 * it: then only the console is deaf. Both falling silent at the same time proves nothing.
 */
export function stillHeardByPeer(sight: ClusterSight, member: MemberSight): boolean {
  const other = otherMember(sight, member);
  if (!other || other.silent || member.heardMs === null || peerSilentFor(other) !== null) return false;
  const answered = ageNow(other, other.snapshot?.peer.answeredMs ?? null);
  return answered !== null && answered < member.heardMs - valueIntervalMs.link;
}
