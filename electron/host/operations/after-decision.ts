import type { Result } from '../../../shared/result.ts';
import { requestLifeMs } from '../../../shared/second-person/request.ts';

/** A little longer than an agent waits for a second person: what became of it then is told by the agent. */
const secondPersonWithinMs = requestLifeMs + 30_000;

interface DecisionPorts {
  /** Looks until something is found. Errors: a sentence, when it was not seen in time or is called off. */
  until<Found>(
    what: string,
    withinMs: number,
    look: () => Promise<Found | null>,
  ): Promise<Result<Found, string>>;
  /** Whether it waits for a second person now. */
  waiting(waits: boolean): Promise<void> | void;
}

/**
 * The answer after a second person has decided. Where nobody has when the work ends or the time is over, the change is
 * taken back; null: it still stands, or what became of it was not told. An answer that does not come decides nothing.
 *
 * @param decided asks its agent anew; null: it waits still, or the agent does not answer
 * @param back takes the request back, with why
 */
export async function afterDecision<Answer>(
  { until, waiting }: DecisionPorts,
  decided: () => Promise<Answer | null>,
  back: (why: string) => Promise<void>,
): Promise<Answer | null> {
  await waiting(true);
  const answered = await until('The word of a second person', secondPersonWithinMs, decided);
  await waiting(false);
  if (answered.ok) return answered.value;
  await back(answered.error);
  // Who has agreed just before has begun it, and that is told now.
  return decided();
}
