import * as z from 'zod/mini';
import { SiteDesign } from '../setup/draft.ts';
import { AdvisorAnswers } from './answers.ts';
import { InstalledDesign } from './drift.ts';
import { AdvisorRecord } from './record.ts';

/** What the advisor's pages show. Whole and immutable. */
export const AdvisorView = z.object({
  /** Whose answers these are: of the site shown, or of one that is still to come (none is shown, or the demo). */
  keptFor: z.enum(['site', 'workstation']),
  record: AdvisorRecord,
  /** What is installed, to be compared with; null: these answers are of no installed site. */
  installed: z.nullable(InstalledDesign),
});
export type AdvisorView = z.infer<typeof AdvisorView>;

/** What the advisor's pages ask for. `revision` is the one that was seen. */
export const AdvisorAction = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('answer'), revision: z.int(), answers: AdvisorAnswers }),
  /** A person keeps a design, knowing its cautions. */
  z.strictObject({
    act: z.literal('decide'),
    revision: z.int(),
    design: SiteDesign,
    reason: z.string().check(z.maxLength(500)),
  }),
  z.strictObject({ act: z.literal('begin-anew'), revision: z.int() }),
]);
export type AdvisorAction = z.infer<typeof AdvisorAction>;
