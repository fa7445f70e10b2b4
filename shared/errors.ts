import { errorSentences } from './error-sentences.ts';
import * as z from 'zod/mini';

export type ErrorCode = keyof typeof errorSentences;
export const errorCodes = Object.keys(errorSentences) as [ErrorCode, ...ErrorCode[]];

/** A failure as it crosses a process border or reaches a person. */
export const ProductError = z.object({
  code: z.enum(errorCodes),
  /** What happened, with the names and numbers of this case. One sentence. */
  message: z.string(),
  /** What it means for messages and servers. */
  meaning: z.string(),
  /** What to do next. */
  next: z.string(),
  /** Evidence: output of a command, broken fields, blockers. */
  details: z.optional(z.array(z.string())),
});
export type ProductError = z.infer<typeof ProductError>;

/** @param next the next step of this very case, where it is known better than the one of the code */
export function productError(
  code: ErrorCode,
  message: string,
  details?: readonly string[],
  next?: string,
): ProductError {
  return {
    code,
    message,
    ...errorSentences[code],
    ...(next === undefined ? {} : { next }),
    ...(details && details.length > 0 ? { details: [...details] } : {}),
  };
}

/** The same as text for logs and terminals: one paragraph, then its evidence. */
export function formatProductError(error: ProductError): string {
  const lines = [`${error.message} [${error.code}]`, error.meaning, `Next: ${error.next}`];
  return [...lines, ...(error.details ?? []).map((line) => `  - ${line}`)].join('\n');
}
