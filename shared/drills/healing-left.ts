import { formatSpan } from '../fleet/age.ts';
import type { DrillHealing } from './drill-record.ts';

/**
 * When an agent gives back what a drill has taken away, as a title and what it means. `now`: by the clock of the console
 * that makes the drill, in milliseconds; null: not known. Pure.
 */
export function healingWords(
  { who, by }: DrillHealing,
  now: number | null,
): { readonly title: string; readonly meaning: string } {
  const always = 'It does so by its own clock, also when this console is closed; nobody has to do anything.';
  if (by === null || now === null) {
    return {
      title: `When ${who} gets its ways back is not known`,
      meaning: `The agent was asked to take them away for a while, and has not said yet that it does. ${always}`,
    };
  }
  const leftMs = Date.parse(by) - now;
  if (leftMs > 0) {
    return {
      title: `${who} gets its ways back in ${Math.ceil(leftMs / 1_000)} s at the latest`,
      meaning: always,
    };
  }
  return {
    title: `${who} should have its ways back by now`,
    meaning: `The time ran out ${formatSpan(-leftMs)} ago, and that they are back is not seen yet. ${always}`,
  };
}
