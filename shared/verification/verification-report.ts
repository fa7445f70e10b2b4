import * as z from 'zod/mini';
import { localTime } from '../report/local-time.ts';
import { KeptVerification } from './kept-verification.ts';
import { verificationSentence } from './verification.ts';

/** The report of a verified move without its hash: what the hash is made of. */
const VerificationReportBody = z.object({
  schema: z.literal('ixha-verification-report/2'),
  site: z.object({ id: z.string(), name: z.string(), demo: z.boolean() }),
  /** UTC, and the same for people with the zone that they live in. */
  madeAt: z.string(),
  madeAtLocal: z.string(),
  /** Its name in the time zone database. */
  timeZone: z.string(),
  operator: z.object({ name: z.string(), role: z.string() }),
  consoleVersion: z.string(),
  /** The verdict of all lines together. */
  sentence: z.string(),
  /** The look as it is kept, with what people said of it; signatures bind its own hash. */
  kept: KeptVerification,
});
type VerificationReportBody = z.infer<typeof VerificationReportBody>;

/** As it is exported: `sha256` is that of the canonical JSON of everything else. */
export const VerificationReport = z.object({ ...VerificationReportBody.shape, sha256: z.string() });
export type VerificationReport = z.infer<typeof VerificationReport>;

export type VerificationReportAbout = Pick<
  VerificationReportBody,
  'site' | 'madeAt' | 'timeZone' | 'operator' | 'consoleVersion'
>;

/** Puts a report together from what is kept of a move. Pure. */
export function verificationReportBody(
  kept: KeptVerification,
  about: VerificationReportAbout,
): VerificationReportBody {
  const { madeAt, timeZone } = about;
  return {
    schema: 'ixha-verification-report/2',
    ...about,
    madeAtLocal: localTime(madeAt, timeZone),
    sentence: verificationSentence(kept.verification),
    kept,
  };
}

/** The word of a person on a line; undefined: nobody has judged it. */
export function judgementOf({ judgements }: KeptVerification, line: string) {
  return judgements.find((one) => one.line === line);
}

/** Whether a signature was given for exactly what is kept now. */
export function bindsNow({ hash }: KeptVerification, signature: { readonly hash: string }): boolean {
  return signature.hash === hash;
}
