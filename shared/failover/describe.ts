import { timingPresets } from '../lease/timing.ts';
import { maintenancePlan, maintenanceSteps } from './maintenance-plan.ts';
import { stepKinds } from './member-facts.ts';
import { stepTerms, type StepTerms } from './step-terms.ts';
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
      const { evidence, undo, limitMs } = stepTerms[kind];
      return `| ${kind} | ${limitWords(limitMs)} | ${evidence} | ${undo} |`;
    }),
  ].join('\n');
}

/** The steps by which a maintenance begins, in order, as Markdown. */
export function describeMaintenance(): string {
  const head = ['| step | time limit | evidence | when it does not begin |', '| --- | --- | --- | --- |'];
  return [
    ...head,
    ...maintenanceSteps.map((step) => {
      const { title, limitMs, evidence, undo } = maintenancePlan[step];
      return `| ${step}: ${title} | ${limitWords(limitMs)} | ${evidence} | ${undo} |`;
    }),
  ].join('\n');
}

/** The same for every preset, or the limits of the quickest and the slowest. */
function limitWords(limitMs: StepTerms['limitMs']): string {
  const limits = Object.values(timingPresets).map((timing) => limitMs(timing));
  const [least, most] = [Math.min(...limits), Math.max(...limits)];
  if (most === 0) return 'waits for nothing';
  return least === most ? `${most / 1000} s` : `${least / 1000} to ${most / 1000} s, by preset`;
}
