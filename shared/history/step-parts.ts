import { planOf, plans } from '../failover/plan.ts';

const planned = new Map(
  [...planOf('switchover', 'copied'), ...plans.failover].map((step) => [step.kind as string, step]),
);

/** Steps that no plan names: they are taken by rule alone, and nobody is Active meanwhile. */
const unplanned: Readonly<Record<string, string>> = { 'kill-engine': 'engine killed' };

/** A step as a part of a story; one of another release keeps its own name. */
export function stepWords(step: string | null): string {
  const title = planned.get(step ?? '')?.title ?? unplanned[step ?? ''] ?? step ?? 'a step';
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/** No member is Active while it runs. */
export function stepWithoutActive(step: string | null): boolean {
  return planned.get(step ?? '')?.withoutActive ?? true;
}
