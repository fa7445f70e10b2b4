import type { ForcedState } from '../agent-api/member-snapshot.ts';
import { fenceMustStay, statementWords } from '../failover/rules/forced-words.ts';
import { otherMember } from './cluster-role.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

/** A person has stated that a server is off, or cut off: it must stay so until it is re-admitted. */
export interface FenceSight {
  /** Who keeps the statement: the member that was forced, or whose lease store was replaced without the other one. */
  readonly keeper: MemberSight;
  readonly statement: NonNullable<ForcedState['fence']>['statement'];
  readonly by: string;
  /** `must stay powered off`. */
  readonly mustStay: string;
  /** `is powered off`: what the person has said. */
  readonly stated: string;
}

/** What `member` must stay until it is re-admitted, by the last words of the other one; null: nothing. */
export function fenceOf(sight: ClusterSight, member: MemberSight): FenceSight | null {
  const keeper = otherMember(sight, member);
  const fence = keeper?.snapshot?.forced?.fence;
  if (keeper == null || fence == null) return null;
  const { statement, by } = fence;
  return {
    keeper,
    statement,
    by,
    mustStay: fenceMustStay[statement],
    stated: statementWords[statement],
  };
}
