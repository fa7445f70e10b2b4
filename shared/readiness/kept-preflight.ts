import * as z from 'zod/mini';
import { verdicts } from '../preflight/preflight-check.ts';

/** The findings of the last preflight, as a workstation keeps them in the profile folder. */
export const KeptPreflight = z.object({
  wallTime: z.string(),
  checks: z.array(
    z.object({
      id: z.string(),
      server: z.nullable(z.string()),
      subject: z.string(),
      what: z.string(),
      verdict: z.enum(verdicts),
      finding: z.string(),
      remedy: z.nullable(z.string()),
      /** Looked at by itself, later than the rest; absent: with it. */
      wallTime: z.optional(z.string()),
    }),
  ),
});
export type KeptPreflight = z.infer<typeof KeptPreflight>;
