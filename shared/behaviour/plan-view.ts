import * as z from 'zod/mini';
import { MeasuredTimes } from '../setup/measured-times.ts';
import { SiteBehaviour } from './behaviour-site.ts';

/** The site that is shown, or the one that is being set up on this workstation. */
export const PlanSubject = z.enum(['site', 'setup']);
export type PlanSubject = z.infer<typeof PlanSubject>;

/** The owner of a site has read what happens at each fault and accepts it, for these settings. */
export const PlanAcceptance = z.strictObject({
  schema: z.literal(1),
  /** Who is responsible for the site, as typed. */
  owner: z.string().check(z.minLength(1), z.maxLength(200)),
  note: z.string().check(z.maxLength(500)),
  /** Who of the console's people wrote it down. */
  by: z.string().check(z.maxLength(200)),
  /** ISO 8601 in UTC, by this workstation's clock. */
  at: z.iso.datetime(),
  /** The settings that were accepted. */
  basis: SiteBehaviour,
});
export type PlanAcceptance = z.infer<typeof PlanAcceptance>;

/** What the page about failover behaviour shows. */
export const PlanView = z.object({
  of: PlanSubject,
  /** Its name; empty: it has none yet. */
  name: z.string(),
  /** Null: the setup has not come that far; `missing` says what it needs. */
  behaviour: z.nullable(SiteBehaviour),
  missing: z.array(z.string()),
  /** What the setup has measured; null: what the agents measured is in the picture of the site. */
  measured: z.nullable(MeasuredTimes),
  acceptance: z.nullable(PlanAcceptance),
});
export type PlanView = z.infer<typeof PlanView>;
