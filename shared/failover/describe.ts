import { ruleTable } from './rules.ts';

/** The rule table as Markdown, in the order of matching. */
export function describeRules(): string {
  const head = ['| rule | diagnosis | meaning |', '| --- | --- | --- |'];
  return [...head, ...ruleTable.map((rule) => `| ${rule.id} | ${rule.diagnosis} | ${rule.meaning} |`)].join(
    '\n',
  );
}
