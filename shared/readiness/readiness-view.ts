import * as z from 'zod/mini';
import { ProductError } from '../errors.ts';
import { CheckResult, Tally } from './results.ts';

/** A run as the list of earlier ones has it. */
export const RunSummary = z.object({ wallTime: z.string(), by: z.string(), tally: Tally });
export type RunSummary = z.infer<typeof RunSummary>;

/** One check as it stands, and how long ago it was judged. */
export const StandingCheck = z.object({ result: CheckResult, judgedAgoMs: z.number() });
export type StandingCheck = z.infer<typeof StandingCheck>;

/** Everything that the page of readiness shows beside what the agents tell. */
export const ReadinessView = z.object({
  /** Empty before the first run. */
  checks: z.array(StandingCheck),
  /** The last run of all of them; null: there was none since the console was started. */
  lastRun: z.nullable(
    z.object({ wallTime: z.string(), by: z.string(), tookMs: z.number(), agoMs: z.number() }),
  ),
  /** What a run waits for now, as a sentence; null: none runs. `check` null: all of them. */
  running: z.nullable(
    z.object({
      check: z.nullable(z.string()),
      awaits: z.string(),
      done: z.int(),
      of: z.int(),
      sinceMs: z.number(),
    }),
  ),
  goalSeconds: z.nullable(z.int()),
  /** Runs of all checks, newest first. */
  runs: z.array(RunSummary),
  /** The first run that was kept, as at the end of the installation; null: there is none yet. */
  baseline: z.nullable(RunSummary),
  /** What people must know about the keeping of answers and runs; null: nothing. */
  trouble: z.nullable(ProductError),
});
export type ReadinessView = z.infer<typeof ReadinessView>;
