import { decide } from '../../shared/failover/decide.ts';
import { ruleTable } from '../../shared/failover/rules.ts';
import { combinations } from './combinations.ts';

/** The whole rule table as text: order, names, meaning, and what each rule decides over every combination of facts. */
export function dumpRules(): string {
  const decided = new Map<string, Map<string, number>>();
  for (const facts of combinations()) {
    const { ruleId, verdict, steps } = decide(facts);
    const outcome = steps[0] === undefined ? verdict : `${verdict} ${steps[0].kind}`;
    const counts = decided.get(ruleId) ?? new Map<string, number>();
    decided.set(ruleId, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
  }
  return ruleTable
    .map(({ id, diagnosis, meaning }) => {
      const counts = [...(decided.get(id) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
      const outcomes = counts.map(([outcome, count]) => `${outcome} ${count}`).join(', ');
      return `${id} ${diagnosis}\n    ${meaning}\n    ${outcomes || 'not within these combinations'}\n`;
    })
    .join('\n');
}
