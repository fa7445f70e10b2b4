import type { MemberFacts } from './member-facts.ts';
import type { RuleOutcome } from './rules/rule.ts';
import { ruleTable } from './rules.ts';

export interface RuleDecision extends RuleOutcome {
  readonly ruleId: string;
  /** What is the matter, whether or not anything may be done about it. */
  readonly diagnosis: string;
  /** What would be done if it were allowed; null: nothing is withheld. */
  readonly withheld: { readonly ruleId: string; readonly headline: string } | null;
}

/**
 * The first matching rule of the table. Pure; total: a state that no rule names is a bug and throws. Where that rule
 * only withholds the permission to act, the diagnosis is that of the rule that would have matched without it.
 */
export function decide(facts: MemberFacts): RuleDecision {
  const rule = ruleTable.find((candidate) => candidate.matches(facts));
  if (rule === undefined) throw new Error('no rule matches; the last one must always match');
  const outcome = rule.decide(facts);
  const about = { ruleId: rule.id, diagnosis: rule.diagnosis, withheld: null };
  if (rule.withholds === undefined) return { ...about, ...outcome };
  const free = decide(rule.withholds(facts));
  const { ruleId, headline, diagnosis } = free;
  if (rule.tellsWhatever === true) {
    const reason = `${outcome.reason}; armed, it would decide: ${headline}: ${free.reason} (${ruleId}, ${diagnosis})`;
    const withheld = free.verdict === 'act' ? { ruleId, headline } : null;
    return { ...about, ...outcome, diagnosis, reason, withheld };
  }
  if (free.verdict !== 'act') return { ...about, ...outcome };
  const reason = `${outcome.reason}; without that: ${headline} (${ruleId}, ${diagnosis})`;
  return { ...about, ...outcome, diagnosis, reason, withheld: { ruleId, headline } };
}

/** Whether nothing new is the matter, and nothing new is allowed: such decisions are journalled once. */
export function sameDecision(one: RuleDecision, other: RuleDecision): boolean {
  return one.diagnosis === other.diagnosis && (one.withheld === null) === (other.withheld === null);
}

/** The decision as one sentence, as journalled and shown. */
export function decisionSentence(decision: Pick<RuleDecision, 'headline' | 'reason'>): string {
  return `${decision.headline}: ${decision.reason}.`;
}
