import type { UsualKind, UsualTime } from '../history/usual-time.ts';
import { formatMeasured, formatRange } from './age.ts';
import type { ClusterSight } from './sight.ts';
import type { SwitchoverPlan } from './switchover-plan.ts';

/** During which steps there is no Active, and what the expected time of it is made of. */
export function withoutActiveWords(plan: SwitchoverPlan): string {
  const numbers = plan.steps.flatMap((step, index) => (step.withoutActive ? [index + 1] : []));
  return [
    `No Active during steps ${numbers[0]} to ${numbers.at(-1)}.`,
    gapWords(plan),
    ...basisWords(plan),
  ].join(' ');
}

function gapWords({ target, steps, withoutActive: { history } }: SwitchoverPlan): string {
  const renewal = target.snapshot?.timing.H;
  const late = renewal === undefined ? '' : ` plus up to ${renewal} s until ${target.name} asks`;
  if (history !== null) {
    const times = history.count === 1 ? 'The last time' : `The last ${history.count} times`;
    const range = formatRange(history.shortestMs, history.longestMs);
    return `${times} that it went to ${target.name}, it was without an Active for ${range}, as the journals tell; at worst as long as it ever was${late}.`;
  }
  const usual = steps.some((step) => step.withoutActive && step.usual !== null);
  return `The sum is of the ${usual ? 'usual' : 'last measured'} times${late}.`;
}

/** Which times of the sum were not measured where they will be spent. */
function basisWords({ steps, withoutActive: { history } }: SwitchoverPlan): string[] {
  const counted = steps.filter((step) => step.withoutActive);
  const assumed = counted.some((step) => step.assumed);
  const missing = history === null && counted.some((step) => step.expectedMs === null);
  return [
    ...(assumed ? ['Assumed: as it was on the other server.'] : []),
    ...(missing ? ['What was not measured is not in the sum.'] : []),
  ];
}

const kindWords: Record<UsualKind, readonly [one: string, many: string]> = {
  planned: ['planned move', 'planned moves'],
  takeover: ['takeover', 'takeovers'],
};

/**
 * What the usual times are of; empty: no history was read.
 * @param history whose it is, as the beginning of a sentence
 * @param dayOf a wall time as a day for people
 */
export function usualWords(
  { usual, cluster }: Pick<ClusterSight, 'usual' | 'cluster'>,
  kind: UsualKind,
  history: string,
  dayOf: (wallTime: string) => string,
): string {
  if (usual === undefined) return '';
  const { steps } = usual[kind];
  const [one, many] = kindWords[kind];
  const count = Math.max(0, ...steps.map((step) => step.count));
  if (count === 0) return `${history} tells of no ${one} of ${cluster.id} that went through.`;
  const since = steps.map((step) => step.since).toSorted()[0] ?? '';
  const changes = count === 1 ? `the last ${one}` : `the last ${count} ${many}`;
  return `Usually: median, shortest and longest of ${changes} on that server, from ${dayOf(since)} on.`;
}

/** `1.8 – 2.4 s`; null: always as long as the median tells. */
export function usualRange({ shortestMs, longestMs }: UsualTime): string | null {
  const [shortest, longest] = [formatMeasured(shortestMs), formatMeasured(longestMs)];
  if (shortest === longest) return null;
  const unit = shortest.split(' ').at(-1)!;
  const sameUnit = longest.endsWith(` ${unit}`) && longest.split(' ').length === 2;
  return `${sameUnit ? shortest.slice(0, -unit.length - 1) : shortest} – ${longest}`;
}
