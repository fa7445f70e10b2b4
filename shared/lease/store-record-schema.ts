import * as z from 'zod/mini';
import { PeriodSchema } from '../agent-api/period-schema.ts';
import { SecondPersonSaid } from '../second-person/scope.ts';

const forPeople = z.string().check(z.maxLength(500));

/** The form of a `PolicyRecord` wherever it is kept or sent. */
export const PolicyRecordSchema = z.object({
  version: z.int(),
  block: z.nullable(z.object({ why: z.string(), by: z.string(), lastsMs: z.number() })),
  maintenance: z.nullable(z.object({ by: z.string(), reason: z.string(), lastsMs: z.number() })),
  maintenanceSaid: z.optional(z.boolean()),
  secondPerson: z.optional(SecondPersonSaid),
  lastHolder: z.nullable(z.string()),
  failoverAgesMs: z.optional(
    z.readonly(
      z.array(z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))).check(z.maxLength(1_000)),
    ),
  ),
});

/** Who had a store retired, when, and what takes its place: `RetiredNote`. */
export const RetiredSchema = z.object({ successor: forPeople, by: forPeople, at: forPeople });

/** The form of a `StoreRecord` wherever it is kept. */
export const StoreRecordSchema = z.object({
  storeId: z.string(),
  cluster: z.string(),
  epoch: z.int(),
  holder: z.nullable(z.string()),
  T: z.number(),
  reservedFor: z.nullable(z.string()),
  untouched: z.boolean(),
  left: z.optional(PeriodSchema),
  forced: z.optional(
    z.object({
      epoch: z.int(),
      by: z.string(),
      reason: z.string(),
      at: z.string(),
      alone: z.boolean(),
    }),
  ),
  policy: z.optional(PolicyRecordSchema),
  retired: z.optional(RetiredSchema),
});
