import * as z from 'zod/mini';
import { longestMaintenanceMs } from '../lease/store-policy.ts';
import { PolicyRecordSchema, RetiredSchema } from '../lease/store-record-schema.ts';
import { SecondPersonSaid, SecondPersonScope } from '../second-person/scope.ts';
import { PeriodSchema } from './period-schema.ts';

/** Small frames on one long-lived WebSocket (`/v1/lease` of the witness), one answer per request `id`. */
const request = { id: z.int(), cluster: z.string(), storeId: z.nullable(z.string()) };
/**
 * T of the member's own timing, in seconds: how long it will count what it asks for. Optional in the form only, so
 * that a member of an older release is told why it gets nothing: the store refuses a request without it.
 */
const length = { T: z.optional(z.number()) };

const forPeople = z.string().check(z.maxLength(500));
const lastsMs = z.number().check(z.positive(), z.maximum(longestMaintenanceMs));

/** What a person changes about a cluster's automatic failover; `by` is the person's name. */
const PolicyChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('block'), by: forPeople, why: forPeople, lastsMs }),
  z.object({ kind: z.literal('allow'), by: forPeople }),
  z.object({ kind: z.literal('maintenance'), by: forPeople, reason: forPeople, lastsMs }),
  z.object({ kind: z.literal('end-maintenance'), by: forPeople }),
  z.object({ kind: z.literal('second-person'), by: forPeople, scope: SecondPersonScope }),
]);

/** Far above any epoch that grants and forced takeovers can reach, and within the digits that the guards read. */
const highestLeast = 999_999_999_999;
const least = z.optional(z.int().check(z.minimum(0), z.maximum(highestLeast)));

/** Who forced a takeover, why and when, as text; see shared/lease/forced.ts. */
const forcedWords = { by: forPeople, reason: forPeople, at: forPeople, alone: z.boolean() };

export const LeaseRequest = z.discriminatedUnion('op', [
  z.object({ ...request, op: z.literal('read') }),
  z.object({
    ...request,
    ...length,
    op: z.literal('acquire'),
    epochSeen: z.int(),
    planned: z.optional(z.boolean()),
    least,
  }),
  z.object({
    ...request,
    ...length,
    op: z.literal('force'),
    epochSeen: z.int(),
    least,
    forced: z.object(forcedWords),
  }),
  z.object({ ...request, ...length, op: z.literal('renew'), epoch: z.int() }),
  z.object({ ...request, op: z.literal('release'), epoch: z.int(), reservedFor: z.nullable(z.string()) }),
  z.object({ ...request, op: z.literal('left'), left: PeriodSchema }),
  z.object({ ...request, op: z.literal('policy'), version: z.int(), change: PolicyChange }),
  /** Makes the first record of a store that has lost its own, under the id that the request names. */
  z.object({
    ...request,
    op: z.literal('seed'),
    epoch: z.int().check(z.minimum(0)),
    policy: z.optional(PolicyRecordSchema),
  }),
  /** Another store takes its place; see shared/lease/retired-store.ts. */
  z.object({ ...request, op: z.literal('retire'), epoch: z.int(), retired: RetiredSchema }),
  z.object({ ...request, op: z.literal('reinstate') }),
]);
export type LeaseRequest = z.infer<typeof LeaseRequest>;

/** The store's record as every answer carries it; `freeInMs` is counted by the store's own clock. */
export const LeaseView = z.object({
  storeId: z.string(),
  epoch: z.int(),
  holder: z.nullable(z.string()),
  reservedFor: z.nullable(z.string()),
  freeInMs: z.number(),
  /** The longest lease, in seconds, that this store grants or renews now. */
  longestT: z.optional(z.number()),
  /** Since the last grant or renewal that this run of the store has accepted; null: none yet. */
  renewedMs: z.optional(z.nullable(z.number())),
  /** The latest period of peer mode that was left; absent: none. */
  left: z.optional(PeriodSchema),
  /** The last takeover that a person has forced; absent: there was none. */
  forced: z.optional(z.object({ epoch: z.int(), ...forcedWords })),
  /** Absent: a store of an earlier release. */
  policy: z.optional(
    z.object({
      version: z.int(),
      lastHolder: z.nullable(z.string()),
      block: z.nullable(z.object({ why: z.string(), by: z.string(), leftMs: z.number() })),
      maintenance: z.nullable(z.object({ reason: z.string(), by: z.string(), leftMs: z.number() })),
      /** A person has begun or ended a maintenance at this store. */
      maintenanceSaid: z.optional(z.boolean()),
      secondPerson: z.optional(SecondPersonSaid),
    }),
  ),
});
export type LeaseView = z.infer<typeof LeaseView>;

export const LeaseRefusal = z.enum([
  'live',
  'reserved',
  'epoch',
  'not-holder',
  'store-id',
  'unknown-cluster',
  'not-durable',
  /** The member counts its lease longer than the store would. */
  'lease-too-long',
  /** The request does not say how long the member will count its lease. */
  'lease-length-missing',
  /** Automatic failover is blocked, and this would be one. */
  'blocked',
  'maintenance',
  /** It has a record of its own that is not behind: nothing has to be seeded. */
  'seeded',
  /** The change was made from an older version of the policy than the present one. */
  'version',
  /** Another store takes its place. */
  'retired',
]);
export type LeaseRefusal = z.infer<typeof LeaseRefusal>;

export const LeaseAnswer = z.discriminatedUnion('result', [
  z.object({ id: z.int(), result: z.literal('granted'), view: LeaseView }),
  z.object({ id: z.int(), result: z.literal('renewed'), view: LeaseView }),
  z.object({ id: z.int(), result: z.literal('released'), view: LeaseView }),
  z.object({ id: z.int(), result: z.literal('read'), view: LeaseView }),
  z.object({ id: z.int(), result: z.literal('changed'), view: LeaseView }),
  z.object({ id: z.int(), result: z.literal('noted'), view: LeaseView }),
  z.object({ id: z.int(), result: z.literal('seeded'), view: LeaseView }),
  z.object({ id: z.int(), result: z.literal('retired'), view: LeaseView, policy: PolicyRecordSchema }),
  z.object({ id: z.int(), result: z.literal('reinstated'), view: LeaseView }),
  z.object({
    id: z.int(),
    result: z.literal('refused'),
    why: LeaseRefusal,
    view: z.nullable(LeaseView),
    /** The store has no record that could be used, and may be given one. */
    unseeded: z.optional(z.boolean()),
  }),
]);
export type LeaseAnswer = z.infer<typeof LeaseAnswer>;
