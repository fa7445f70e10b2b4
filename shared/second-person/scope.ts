import * as z from 'zod/mini';

/**
 * What waits for a second person in a cluster. none: nothing · planned: what a person plans while the cluster is well ·
 * forced: that, and forced takeovers.
 */
export const secondPersonScopes = ['none', 'planned', 'forced'] as const;
export const SecondPersonScope = z.enum(secondPersonScopes);
export type SecondPersonScope = z.infer<typeof SecondPersonScope>;

/** What a person has said about it, as the lease store keeps it; nobody has: nothing waits. */
export const SecondPersonSaid = z.object({
  scope: SecondPersonScope,
  by: z.string().check(z.maxLength(500)),
});
export type SecondPersonSaid = z.infer<typeof SecondPersonSaid>;

/** What a scope asks for, as the end of a sentence. */
export const scopeWords: Readonly<Record<SecondPersonScope, string>> = {
  none: 'nothing waits for a second person',
  planned: 'planned changes wait for a second person',
  forced: 'planned changes and forced takeovers wait for a second person',
};
