import { plans, type ChangeKind, type PlannedStep } from './plan.ts';
import { ruleTable } from './rules.ts';

/** The rule table as Markdown, in the order of matching. */
export function describeRules(): string {
  const head = ['| rule | diagnosis | meaning |', '| --- | --- | --- |'];
  return [...head, ...ruleTable.map((rule) => `| ${rule.id} | ${rule.diagnosis} | ${rule.meaning} |`)].join(
    '\n',
  );
}

/** The steps of every kind of change as Markdown. */
export function describePlans(): string {
  const head = ['| change | steps, in order; **bold**: no member is Active |', '| --- | --- |'];
  const kinds = Object.keys(plans) as ChangeKind[];
  return [...head, ...kinds.map((kind) => `| ${kind} | ${plans[kind].map(describeStep).join(' → ')} |`)].join(
    '\n',
  );
}

function describeStep(step: PlannedStep): string {
  return step.withoutActive ? `**${step.title}**` : step.title;
}
