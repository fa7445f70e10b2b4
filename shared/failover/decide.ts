import type { MemberFacts } from './member-facts.ts';
import type { RuleOutcome } from './rules/rule.ts';
import { ruleTable } from './rules.ts';

export interface RuleDecision extends RuleOutcome {
  readonly ruleId: string;
  readonly diagnosis: string;
}

/** The first matching rule of the table. Pure; total: a state that no rule names is a bug and throws. */
export function decide(facts: MemberFacts): RuleDecision {
  const rule = ruleTable.find((candidate) => candidate.matches(facts));
  if (rule === undefined) throw new Error('no rule matches; the last one must always match');
  return { ruleId: rule.id, diagnosis: rule.diagnosis, ...rule.decide(facts) };
}

/** The decision as one sentence, as journalled and shown. */
export function decisionSentence(decision: Pick<RuleDecision, 'headline' | 'reason'>): string {
  return `${decision.headline}: ${decision.reason}.`;
}
