import { productError, type ProductError } from '../shared/errors.ts';
import { checkTiming, type TimingPolicy } from '../shared/lease/timing.ts';

/** Why a member must not run with this timing, with each formula and its numbers; null: it may. */
export function timingRefusal(cluster: string, timing: TimingPolicy): ProductError | null {
  const checked = checkTiming(timing);
  if (checked.ok) return null;
  return productError(
    'site.unsafe',
    `The timing of ${cluster} cannot be kept, so its agent does not start.`,
    checked.error.map(({ formula, numbers }) => `${formula} does not hold: ${numbers}`),
  );
}
