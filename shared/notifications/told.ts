import * as z from 'zod/mini';
import { DeliveryFailure } from './delivery.ts';
import { SecretName, TargetId, TargetSecrets } from './policy.ts';
import { LastTest } from './trying-again.ts';

const ToldTarget = z.object({
  id: z.string(),
  kind: z.enum(['webhook', 'mail']),
  /** Where it is, without any secret. */
  place: z.string(),
  /** Events that wait, those of the message under way included. */
  waiting: z.int(),
  /** Events that were given up. */
  dropped: z.int(),
  lastSentAt: z.nullable(z.string()),
  /** First line of that message; absent: an agent of an earlier release, or it was sent by one. */
  lastSubject: z.optional(z.string()),
  /** Age of that message; null: it was sent before this agent was started. Absent: an agent of an earlier release. */
  sentAgoMs: z.optional(z.nullable(z.number())),
  /**
   * The last test. `agoMs` null: it was made before this agent was started. Absent: none was made, or an agent of an
   * earlier release.
   */
  lastTest: z.optional(z.extend(LastTest, { agoMs: z.nullable(z.number()) })),
  /** First line of the message that waits; null: none does. */
  waitingSubject: z.optional(z.nullable(z.string())),
  /** Until what waits is tried again; null: nothing waits for that. */
  nextTryInMs: z.optional(z.nullable(z.number())),
  /** Which secrets of this target the member has, never what they are. Absent: an agent of an earlier release. */
  secrets: z.optional(z.array(SecretName)),
  /** Null: the last attempt arrived, or there was none. */
  failure: z.nullable(
    z.extend(DeliveryFailure, {
      at: z.string(),
      next: z.string(),
      attempts: z.int(),
      /** Null: it failed before this agent was started. Absent: an agent of an earlier release. */
      agoMs: z.optional(z.nullable(z.number())),
    }),
  ),
});
export type ToldTarget = z.infer<typeof ToldTarget>;

/** How the notifications of one member stand; absent in a snapshot: none are configured. */
export const NotificationsTold = z.object({
  targets: z.array(ToldTarget),
  /** Why what waits is not on disk and would be lost with this agent; null: it is. */
  notKept: z.nullable(z.string()),
});
export type NotificationsTold = z.infer<typeof NotificationsTold>;

/** A test message to every target, or to one; answered once each has taken or refused it. */
export const NotifyTestOrder = z.strictObject({ target: z.optional(z.string().check(z.maxLength(32))) });

export const NotifyTestResult = z.object({
  target: z.string(),
  place: z.string(),
  tookMs: z.int(),
  /** Null: it has arrived. */
  failure: z.nullable(z.extend(DeliveryFailure, { next: z.string() })),
});

export const NotifyTestAnswer = z.object({ results: z.array(NotifyTestResult) });
export type NotifyTestAnswer = z.infer<typeof NotifyTestAnswer>;

/**
 * Secrets of one target, handed to a member, which keeps them in a file of its own. Those of other targets stay; of this
 * one whatever it had before is replaced.
 */
export const SecretsOrder = z.strictObject({ target: TargetId, secrets: TargetSecrets });

/** Which targets the member has secrets of now. */
export const SecretsAnswer = z.object({ kept: z.array(z.string()) });
export type SecretsAnswer = z.infer<typeof SecretsAnswer>;
