import * as z from 'zod/mini';
import { ProductError } from '../errors.ts';
import { NotificationPolicy, TargetId, TargetSecrets } from './policy.ts';
import { NotifyTestResult } from './told.ts';

/** A test message of one member to one target, as far as it got. */
const MemberTest = z.object({
  cluster: z.string(),
  server: z.string(),
  target: z.string(),
  /** Since it was asked for, while it runs; since it was answered afterwards. */
  sinceMs: z.number(),
  /** Null: it is awaited. */
  outcome: z.nullable(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('told'), result: NotifyTestResult }),
      /** The member could not be asked, or refused. */
      z.object({ kind: z.literal('not-told'), error: ProductError }),
    ]),
  ),
});
export type MemberTest = z.infer<typeof MemberTest>;

/** Whether the members took the secrets of a target. */
const GivenSecrets = z.object({
  target: z.string(),
  sinceMs: z.number(),
  members: z.array(z.object({ member: z.string(), error: z.nullable(ProductError) })),
});
export type GivenSecrets = z.infer<typeof GivenSecrets>;

/** What the page of notifications shows beside what the agents tell. */
export const NotificationsView = z.object({
  /** The part of the site document as this workstation has it; null: nobody is told. */
  policy: z.nullable(NotificationPolicy),
  tests: z.array(MemberTest),
  /** Null: none were given from here. */
  given: z.nullable(GivenSecrets),
});
export type NotificationsView = z.infer<typeof NotificationsView>;

export const NotificationsAction = z.discriminatedUnion('act', [
  /** A test to one target; `from` null: from every member. It goes on afterwards and is told with the view. */
  z.strictObject({
    act: z.literal('test'),
    target: TargetId,
    from: z.nullable(z.strictObject({ cluster: z.string(), server: z.string() })),
  }),
  /** The secrets of one target to every member, in place of those that it had of it. */
  z.strictObject({ act: z.literal('secrets'), target: TargetId, secrets: TargetSecrets }),
]);
export type NotificationsAction = z.infer<typeof NotificationsAction>;
