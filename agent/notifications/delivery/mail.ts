import { createTransport } from 'nodemailer';
import {
  deliveryFailed,
  type DeliveryAnswer,
  type NotificationMessage,
} from '../../../shared/notifications/delivery.ts';
import { subjectOf, textOf } from '../../../shared/notifications/message.ts';
import {
  placeOfTarget,
  type NotificationTarget,
  type TargetSecrets,
} from '../../../shared/notifications/policy.ts';
import { connectionFailure } from './failure-codes.ts';

const limitMs = 10_000;

type Mail = Extract<NotificationTarget, { kind: 'mail' }>;

/** Sends one message by SMTP, always over TLS. */
export async function sendMail(
  target: Mail,
  { password, authorityPem }: TargetSecrets,
  message: NotificationMessage,
): Promise<DeliveryAnswer> {
  const { host, port, security, user, from, to } = target;
  const place = placeOfTarget(target);
  if (user !== undefined && password === undefined) {
    return deliveryFailed('secret-missing', `${place}: the password of its user is not here.`);
  }
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
    tls: { minVersion: 'TLSv1.2', ...(authorityPem === undefined ? {} : { ca: authorityPem }) },
  });
  try {
    const sent = await transport.sendMail({
      from,
      to,
      subject: subjectOf(message),
      text: textOf(message),
      headers: { 'X-IXHA-Message': message.id, 'Auto-Submitted': 'auto-generated' },
    });
    const refused = (sent.rejected ?? []).length;
    const said = `taken for ${to.length - refused} of ${to.length} recipients`;
    if (refused === 0) return { ok: true, said };
    const sentence = `${place}: ${refused} of ${to.length} recipients were refused.`;
    return { ok: true, said, partly: { code: 'refused', sentence } };
  } catch (error) {
    return failureOf(error, place);
  } finally {
    transport.close();
  }
}

/** What the mail library says by code and by the answer of the server, in our words. */
function failureOf(error: unknown, place: string): DeliveryAnswer {
  const {
    code,
    responseCode,
    message = '',
  } = error as { code?: string; responseCode?: number; message?: string };
  const said = responseCode === undefined ? message : `the mail server said ${responseCode}`;
  if (code === 'EAUTH') return deliveryFailed('auth-refused', `${place}: ${said}.`);
  if (code === 'ETLS' && /STARTTLS/i.test(message) && !/certificate/i.test(message)) {
    return deliveryFailed('no-tls', `${place}: the mail server offers no TLS.`);
  }
  if (responseCode !== undefined) {
    return deliveryFailed(responseCode >= 500 ? 'refused' : 'refused-for-now', `${place}: ${said}.`);
  }
  return connectionFailure(error, place) ?? deliveryFailed('nonsense', `${place}: ${message.slice(0, 200)}.`);
}
