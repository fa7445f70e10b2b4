import * as z from 'zod/mini';

/** danger: messages are at risk or nobody could take over · warn: look at it · info: what a person should know of. */
export const NotificationSeverity = z.enum(['danger', 'warn', 'info']);
export type NotificationSeverity = z.infer<typeof NotificationSeverity>;
/** The worst comes first. */
export const severityRank: Record<NotificationSeverity, number> = { danger: 0, warn: 1, info: 2 };

export const TargetId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/));
const Mailbox = z.string().check(z.regex(/^[^\s<>@,;"\0]{1,64}@[A-Za-z0-9.-]{1,253}$/));
const HostName = z.string().check(z.regex(/^[A-Za-z0-9:]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/));
const HttpsUrl = z
  .string()
  .check(z.maxLength(2_000), z.regex(/^https:\/\/[A-Za-z0-9[\].:-]+(\/[\x21-\x7e]*)?(\?[\x21-\x7e]*)?$/));

const targetFields = {
  /** Names it on screens, in commands and in the file of its secrets. */
  id: TargetId,
  /** Which severities it gets; absent: all of them. */
  severities: z.optional(z.array(NotificationSeverity).check(z.minLength(1), z.maxLength(3))),
  /** Which kinds of `alarmKinds` it gets; absent: all of them. */
  kinds: z.optional(z.array(z.string().check(z.maxLength(40))).check(z.minLength(1), z.maxLength(40))),
};

/** Where messages go. Its secrets are never here: see `TargetSecrets`. */
export const NotificationTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), ...targetFields, url: HttpsUrl }),
  z.strictObject({
    kind: z.literal('mail'),
    ...targetFields,
    host: HostName,
    port: z.int().check(z.minimum(1), z.maximum(65_535)),
    /** `tls` from the first byte, or `starttls`; a server that offers no TLS gets nothing. */
    security: z.enum(['starttls', 'tls']),
    user: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
    from: Mailbox,
    to: z.array(Mailbox).check(z.minLength(1), z.maxLength(20)),
  }),
]);
export type NotificationTarget = z.infer<typeof NotificationTarget>;

/** The optional part `notifications` of a site document. */
export const NotificationPolicy = z.strictObject({
  targets: z.array(NotificationTarget).check(z.maxLength(10)),
  /** What happens within so many seconds goes into one message; absent: 20. */
  quietSeconds: z.optional(z.number().check(z.minimum(0), z.maximum(3_600))),
  /** Messages to one target within an hour; what happens beyond waits for the next; absent: 20. */
  messagesPerHour: z.optional(z.int().check(z.minimum(1), z.maximum(1_000))),
  /** Every so many hours a target is told that all is well, or what is not; absent: never. */
  allWellHours: z.optional(z.number().check(z.minimum(0.1), z.maximum(24 * 7))),
});
export type NotificationPolicy = z.infer<typeof NotificationPolicy>;

/** What one target is reached with. It is a file of each member, which root alone reads. */
export const TargetSecrets = z.strictObject({
  /** Webhook: messages carry an HMAC-SHA-256 made with it. */
  signingSecret: z.optional(z.string().check(z.minLength(16), z.maxLength(1_000))),
  /** Webhook: sent as `Authorization: Bearer`. */
  bearerToken: z.optional(z.string().check(z.regex(/^[\x21-\x7e]{1,4000}$/))),
  /** Mail: of the target's user. */
  password: z.optional(z.string().check(z.minLength(1), z.maxLength(1_000))),
  /** The only authority that its certificate may come from; absent: the usual ones. */
  authorityPem: z.optional(z.string().check(z.minLength(1), z.maxLength(20_000))),
});
export type TargetSecrets = z.infer<typeof TargetSecrets>;

export const secretNames = ['signingSecret', 'bearerToken', 'password', 'authorityPem'] as const;
export const SecretName = z.enum(secretNames);
export type SecretName = z.infer<typeof SecretName>;

export const NotificationSecrets = z.record(TargetId, TargetSecrets);
export type NotificationSecrets = z.infer<typeof NotificationSecrets>;

export function quietMs({ quietSeconds = 20 }: NotificationPolicy): number {
  return quietSeconds * 1_000;
}

export function hourlyLimit({ messagesPerHour = 20 }: NotificationPolicy): number {
  return messagesPerHour;
}

/** Where a target is, in words. */
export function placeOfTarget(target: NotificationTarget): string {
  if (target.kind === 'mail') return `${target.to.join(', ')} through ${target.host}:${target.port}`;
  // A path may hold a key of its own: it is told to nobody.
  return target.url.replace(/^(https:\/\/[^/?]+).*$/, '$1');
}
