import type { Grant } from './lease-keeper-ports.ts';
import type { MemberParts } from './member-parts.ts';

/**
 * What follows from a grant, whenever it comes: one that was answered after its step had given up is used all the same,
 * as long as the lease store counts it.
 */
export function takeGrant(parts: MemberParts, { epoch, goesOn }: Grant): void {
  if (goesOn) return raiseEpoch(parts, epoch);
  beginEpoch(parts, epoch);
  const { changes, runtime } = parts;
  const byForce = changes.own()?.kind === 'force-takeover';
  if (byForce || runtime.takesFrom !== null) cutOffOther(parts, epoch);
  runtime.takesFrom = null;
}

/** A new epoch is this member's: nothing of an earlier one counts. */
export function beginEpoch({ runtime, ledger }: MemberParts, epoch: number): void {
  runtime.failures.clear();
  runtime.crashes = [];
  runtime.provenEpoch = null;
  runtime.startedEpoch = null;
  runtime.lateWrite = null;
  ledger.takeOver(epoch); // the last one of the Active before is fetched beside everything else
}

/** Whoever has held the lease before may write later than it should, if it was frozen. */
export function cutOffOther({ cutOff }: MemberParts, epoch: number): void {
  cutOff?.begin(epoch);
}

/** The engine has run on all the time: what was done under the epoch before counts for this one. */
function raiseEpoch({ runtime, servingMark }: MemberParts, epoch: number): void {
  if (runtime.startedEpoch !== null) runtime.startedEpoch = epoch;
  if (!runtime.serving) return;
  const life = servingMark.read()?.life ?? null;
  servingMark.write({ epoch, pollersStarted: runtime.pollersStarted, life });
}
