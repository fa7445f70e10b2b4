import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import type { ReadinessVerdict } from './check.ts';
import { readinessChecks } from './checks/all.ts';
import { isUnmet } from './results.ts';

/** One check as a member judges it by what it sees itself. */
export interface MemberCheck {
  readonly check: string;
  readonly title: string;
  readonly verdict: ReadinessVerdict;
  readonly finding: string;
  readonly remedy: string | null;
}

/** The checks that need nothing but one member's own word. Pure. */
export function memberReadiness(snapshot: MemberSnapshot): MemberCheck[] {
  return readinessChecks.flatMap(({ id, title, remedy, how }): MemberCheck[] => {
    if (!('member' in how)) return [];
    const judged = how.member(snapshot);
    const next = isUnmet(judged.verdict) ? (judged.remedy ?? remedy) : null;
    return [{ check: id, title, verdict: judged.verdict, finding: judged.finding, remedy: next }];
  });
}
