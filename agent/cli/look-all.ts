import type { ProductError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { Target } from './targets.ts';

/** What one member answered, or why it did not. */
export type Looked<Answer> =
  | { readonly target: Target; readonly answer: Answer; readonly error: null }
  | { readonly target: Target; readonly answer: null; readonly error: ProductError };

/** Asks all members at once, each by `ask`. */
export function lookAll<Answer>(
  targets: readonly Target[],
  ask: (target: Target) => Promise<Result<Answer, ProductError>>,
): Promise<Looked<Answer>[]> {
  return Promise.all(
    targets.map(async (target): Promise<Looked<Answer>> => {
      const answer = await ask(target);
      return answer.ok
        ? { target, answer: answer.value, error: null }
        : { target, answer: null, error: answer.error };
    }),
  );
}
