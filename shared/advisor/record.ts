import * as z from 'zod/mini';
import { SiteDesign } from '../setup/draft.ts';
import { AdvisorAnswers } from './answers.ts';

/** What a person has decided, beside what was recommended then. */
export const DesignDecision = z.strictObject({
  design: SiteDesign,
  /** Null: nothing was recommended. */
  recommended: z.nullable(SiteDesign),
  /** Cautions that the person has read, as sentences. */
  accepted: z.array(z.string().check(z.maxLength(1_000))).check(z.maxLength(20)),
  /** Why, in the person's words; needed for another design than the recommended one. */
  reason: z.string().check(z.maxLength(500)),
  by: z.string().check(z.maxLength(200)),
  /** ISO 8601 in UTC, by this workstation's clock. */
  at: z.iso.datetime(),
});
export type DesignDecision = z.infer<typeof DesignDecision>;

/** Answers and decision as they are kept with a site, or on the workstation before there is one. */
export const AdvisorRecord = z.strictObject({
  schema: z.literal(1),
  /** Grows with every change that was kept. */
  revision: z.int(),
  answers: AdvisorAnswers,
  /** Who changed the answers last, and when; null: nobody yet. */
  changed: z.nullable(z.strictObject({ by: z.string().check(z.maxLength(200)), at: z.iso.datetime() })),
  decision: z.nullable(DesignDecision),
});
export type AdvisorRecord = z.infer<typeof AdvisorRecord>;
