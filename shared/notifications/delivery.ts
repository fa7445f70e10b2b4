import * as z from 'zod/mini';
import { NotificationEvent } from './event.ts';
import { NotificationTarget, TargetSecrets } from './policy.ts';

/** Why a message did not arrive, with what to do: one list for mail and webhook. */
export const deliveryFailures = {
  'secret-missing': 'Give the agents its secrets: npm run site -- notify-secrets FILE.',
  'name-unknown': 'Check the name in the site file, and that this server can look names up.',
  'connection-refused': 'Check address and port, and that the receiver runs.',
  unreachable: 'Check the network and the firewall between this server and the receiver.',
  'timed-out': 'Check the network between this server and the receiver, and how busy the receiver is.',
  'certificate-refused':
    'Give the agents the authority of its certificate, or have the receiver use one that covers its name.',
  'no-tls': 'Have the mail server offer STARTTLS, or use security "tls" with its TLS port.',
  'auth-refused': 'Check user, password or token, then give the agents the secrets again.',
  'refused-for-now':
    'Wait: alarms are tried again, a test is not. If it stays, ask whoever runs the receiver.',
  refused: 'Read what the receiver says: it takes such a message neither now nor later.',
  'not-run': 'Look whether this server has memory and processes left; then repair the installation.',
  nonsense: 'Check that the address belongs to the receiver that is meant.',
} as const;
export type DeliveryFailureCode = keyof typeof deliveryFailures;

export const DeliveryFailure = z.object({
  code: z.enum(Object.keys(deliveryFailures) as [DeliveryFailureCode, ...DeliveryFailureCode[]]),
  /** What happened, in one sentence, without any secret. */
  sentence: z.string().check(z.maxLength(500)),
});
export type DeliveryFailure = z.infer<typeof DeliveryFailure>;

/** Why some recipients of a mail do not have it while the others do. */
const PartlyRefused = z.extend(DeliveryFailure, {
  /** Those who were refused for now: it is sent again to them alone. Absent: all were refused for good. */
  again: z.optional(z.array(z.string().check(z.maxLength(320))).check(z.minLength(1), z.maxLength(20))),
});
export type PartlyRefused = z.infer<typeof PartlyRefused>;

/** One message to one target: several events that happened close together. */
export const NotificationMessage = z.object({
  id: z.string().check(z.maxLength(100)),
  site: z.string(),
  events: z.array(NotificationEvent).check(z.minLength(1), z.maxLength(200)),
  /** So many older events were given up, since a target took nothing for long. */
  dropped: z.int(),
});
export type NotificationMessage = z.infer<typeof NotificationMessage>;

/** How many events are missing where a message is given up: its own, and those that it told as missing. Pure. */
export function eventsOf({ events, dropped }: NotificationMessage): number {
  return events.length + dropped;
}

/** What the short-lived program that delivers reads from its standard input: nothing of it is in its arguments. */
export const DeliveryOrder = z.object({
  target: NotificationTarget,
  secrets: TargetSecrets,
  message: NotificationMessage,
  attempt: z.int(),
});
export type DeliveryOrder = z.infer<typeof DeliveryOrder>;

export const DeliveryAnswer = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    said: z.string().check(z.maxLength(300)),
    /** Some of its recipients were refused. To the others, who have it, it is never sent again. */
    partly: z.optional(PartlyRefused),
  }),
  z.object({ ok: z.literal(false), failure: DeliveryFailure }),
]);
export type DeliveryAnswer = z.infer<typeof DeliveryAnswer>;

export function deliveryFailed(code: DeliveryFailureCode, sentence: string): DeliveryAnswer {
  return { ok: false, failure: { code, sentence: sentence.slice(0, 500) } };
}
