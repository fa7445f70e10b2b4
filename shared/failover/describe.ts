import { timingPresets } from '../lease/timing.ts';
import { stepKinds, type StepKind } from './member-facts.ts';
import { stepTerms } from './step-terms.ts';
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

/** Time limit, evidence and undo of every step as Markdown. */
export function describeSteps(): string {
  const head = ['| step | time limit | evidence | when the change fails |', '| --- | --- | --- | --- |'];
  return [
    ...head,
    ...stepKinds.map((kind) => {
      const { evidence, undo } = stepTerms[kind];
      return `| ${kind} | ${limitWords(kind)} | ${evidence} | ${undo} |`;
    }),
  ].join('\n');
}

/** The same for every preset, or the limits of the quickest and the slowest. */
function limitWords(kind: StepKind): string {
  const limits = Object.values(timingPresets).map((timing) => stepTerms[kind].limitMs(timing));
  const [least, most] = [Math.min(...limits), Math.max(...limits)];
  if (most === 0) return 'waits for nothing';
  return least === most ? `${most / 1000} s` : `${least / 1000} to ${most / 1000} s, by preset`;
}
