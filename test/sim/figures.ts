import { ruleTable } from '../../shared/failover/rules.ts';
import type { SeedResult } from './run-seed.ts';

/** What the seeds lived through together, as one line. */
export function figuresOf(results: readonly SeedResult[], seconds: number): string {
  const sum = (of: (result: SeedResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const most = (of: (result: SeedResult) => number) => Math.max(0, ...results.map(of));
  const broken = sum(({ violation }) => (violation === null ? 0 : 1));
  const hours = sum(({ virtualMs }) => virtualMs) / 3_600_000;
  return [
    `${results.length} seeds, ${broken} violations`,
    `${hours.toFixed(1)} hours lived, ${sum(({ faults }) => faults)} faults, ` +
      `${sum(({ engineChanges }) => engineChanges)} engine starts and ends, ` +
      `${sum(({ acknowledged }) => acknowledged)} messages acknowledged, ` +
      `${sum(({ duplicates }) => duplicates)} delivered again, ` +
      `${sum(({ lateWrites }) => lateWrites)} late writes refused`,
    `${rulesOf(results).length} of ${ruleTable.length} rules decided something, ` +
      `a person was needed ${sum(({ helped }) => helped)} times`,
    ...notedIn(results),
    `longest overlap after a thaw ${Math.round(most(({ thawOverlapMs }) => thawOverlapMs))} ms, ` +
      `well again within ${Math.round(most(({ healedMs }) => healedMs) / 1000)} s`,
    `${seconds.toFixed(1)} s, ${(results.length / seconds).toFixed(1)} seeds a second`,
  ].join('; ');
}

/** `3 takeovers forced`, and so on. */
function notedIn(results: readonly SeedResult[]): string[] {
  const total = new Map<string, number>();
  for (const [what, count] of results.flatMap(({ noted }) => noted))
    total.set(what, (total.get(what) ?? 0) + count);
  const told = [...total].sort(([one], [other]) => one.localeCompare(other));
  return told.length === 0 ? [] : [told.map(([what, count]) => `${count} ${what}`).join(', ')];
}

/** The rules by which something was decided in any of the seeds. */
function rulesOf(results: readonly SeedResult[]): string[] {
  return [...new Set(results.flatMap(({ rules }) => rules))];
}

/** The rules by which nothing was decided. */
export function rulesNotReached(results: readonly SeedResult[]): string[] {
  const reached = new Set(rulesOf(results));
  return ruleTable.map(({ id }) => id).filter((id) => !reached.has(id));
}
