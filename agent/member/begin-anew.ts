import { clockDriftBound } from '../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberParts } from './member-parts.ts';

/**
 * Begins the durable state anew in place of one that cannot be trusted, with an epoch that has ended here. Nothing is
 * acquired before every trace of what this member may have held under its lost state has run out; with the peer's lease
 * live there is none left. Throws when it cannot be written.
 */
export function beginAnew(parts: MemberParts, epoch: number): Result<void, string> {
  const { memory, keeper, runtime, clock, config } = parts;
  const nowMs = clock.bootMs();
  const { seenStoreId, holder, freeInMs } = keeper.facts(nowMs);
  if (seenStoreId === null) return fail('the store has not told its id');
  memory.rebuild({ epoch, storeId: seenStoreId });
  keeper.rememberAnew();
  const { T } = config.timing;
  const peerHolds = holder === config.peer.server && (freeInMs ?? 0) > 0;
  if (!peerHolds) runtime.acquireNotBeforeMs = nowMs + (T + clockDriftBound(T)) * 1000;
  runtime.standsBack = false;
  return succeed(undefined);
}
