import * as z from 'zod/mini';
import { SiteDesign } from '../setup/draft.ts';
import { AdvisorAnswers } from './answers.ts';
import { AdvisorRecord, DesignDecision } from './record.ts';
import { recommend } from './recommend.ts';

const Sentences = z.array(z.string());

/** The decision record as programs read it: answers, what they led to, and what a person has decided. */
export const DecisionDocument = z.strictObject({
  format: z.literal('ixha-design-decision'),
  version: z.literal(1),
  /** Null: the site is still to come. */
  site: z.nullable(z.strictObject({ id: z.string(), name: z.string() })),
  consoleVersion: z.string(),
  answers: AdvisorAnswers,
  changed: AdvisorRecord.shape.changed,
  recommendation: z.strictObject({
    design: z.nullable(SiteDesign),
    /** False: answers that are missing could still change it. */
    settled: z.boolean(),
    summary: z.string(),
    /** `weight` null: a rule that no weight outvotes. `favours` null: neither design. */
    reasons: z.array(
      z.strictObject({
        id: z.string(),
        question: z.int(),
        weight: z.nullable(z.number()),
        favours: z.nullable(SiteDesign),
        says: z.string(),
      }),
    ),
    traded: Sentences,
    missing: z.array(
      z.strictObject({
        id: z.string(),
        part: z.string(),
        need: z.enum(['required', 'optional']),
        costs: z.string(),
      }),
    ),
    guarantees: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        state: z.enum(['met', 'not-met', 'not-known']),
        why: z.string(),
      }),
    ),
    cautions: Sentences,
    wouldChange: Sentences,
    notKnown: Sentences,
    clusters: z.array(z.strictObject({ names: Sentences, load: z.number() })),
  }),
  decision: z.nullable(DesignDecision),
});
export type DecisionDocument = z.infer<typeof DecisionDocument>;

/** Pure. */
export function decisionDocument(
  { answers, changed, decision }: AdvisorRecord,
  site: DecisionDocument['site'],
  consoleVersion: string,
): DecisionDocument {
  const advice = recommend(answers);
  const { design, settled, summary, reasons, traded, missing, promises, cautions, wouldChange, open } =
    advice;
  const clusters = design === 'multi-cluster' ? (advice.partition?.clusters ?? []) : [];
  return {
    format: 'ixha-design-decision',
    version: 1,
    site,
    consoleVersion,
    answers,
    changed,
    recommendation: {
      design,
      settled,
      summary,
      reasons: reasons.map((reason) => ({ ...reason })),
      traded: [...traded],
      missing: missing.map((part) => ({ ...part })),
      guarantees: promises.map((promise) => ({ ...promise })),
      cautions: cautions.map(({ says }) => says),
      wouldChange: [...wouldChange],
      notKnown: open.map(({ says }) => says),
      clusters: clusters.map(({ names, load }) => ({ names: [...names], load })),
    },
    decision,
  };
}
