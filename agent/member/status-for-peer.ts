import { changeBlockers } from '../../shared/failover/blockers.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import type { MemberParts } from './member-parts.ts';
import { observedRole } from './member-snapshot-builder.ts';
import type { PeerStatus } from './peer-link.ts';

type Announced = PeerStatus['operation'];

/** What the peer is told before anything has been looked at. */
export function statusBeforeLooking(epoch: number, operation: Announced): PeerStatus {
  const blocker = { code: 'not-observed', reason: 'It has just started.', remedy: 'Wait.' };
  return {
    role: 'unknown',
    wanted: 'passive',
    epoch,
    engineRunning: null,
    blockers: [blocker],
    operation,
  };
}

/** What the peer is told with each sign of life. */
export function statusForPeer(
  { memory, changes, keeper, requests }: Pick<MemberParts, 'memory' | 'changes' | 'keeper' | 'requests'>,
  facts: MemberFacts,
  engineRunning: boolean | null,
): PeerStatus {
  const { forced, expelled, epoch } = memory.current();
  const withoutStore = keeper.forced.lives();
  const request = requests?.announced();
  return {
    ...(forced === undefined ? {} : { forced: { epoch: forced.epoch, by: forced.by, withoutStore } }),
    ...(expelled === undefined ? {} : { expelled: true }),
    ...(request === undefined ? {} : { request }),
    onPromise: keeper.peerMode.countsOnPromise(),
    role: observedRole(facts),
    wanted: facts.lease.held ? 'active' : 'passive',
    epoch,
    engineRunning,
    blockers: changeBlockers(facts),
    operation: changes.announced(),
  };
}
