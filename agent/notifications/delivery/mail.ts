import { createTransport } from 'nodemailer';
import {
  deliveryFailed,
  type DeliveryAnswer,
  type NotificationMessage,
  type PartlyRefused,
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
    const refused = namesOf(to, sent.rejected ?? []);
    const said = `taken for ${to.length - refused.length} of ${to.length} recipients`;
    if (refused.length === 0) return { ok: true, said };
    return { ok: true, said, partly: partlyRefused(refused, namesForNow(to, sent.rejectedErrors), place) };
  } catch (error) {
    return failureOf(error, place);
  } finally {
    transport.close();
  }
}

/** Those of our recipients that the mail library names: it writes the domain of an address in its own way. */
function namesOf(to: readonly string[], named: readonly unknown[]): string[] {
  const names = named.map((one) => String(one).toLowerCase());
  return to.filter((address) => names.includes(address.toLowerCase()));
}

interface RecipientError {
  readonly recipient?: string | undefined;
  readonly responseCode?: number | undefined;
}

/** Those that the mail server refused for now, with a code of 4xx. */
function namesForNow(to: readonly string[], errors: readonly RecipientError[] = []): string[] {
  const forNow = errors.filter(({ responseCode = 0 }) => responseCode >= 400 && responseCode < 500);
  return namesOf(
    to,
    forNow.map(({ recipient }) => recipient),
  );
}

/** Some have the mail: who does not, and to whom it is sent again. */
function partlyRefused(refused: readonly string[], again: readonly string[], place: string): PartlyRefused {
  const forGood = refused.filter((address) => !again.includes(address));
  const words = [
    ...(again.length === 0 ? [] : [`refused for now: ${again.join(', ')}`]),
    ...(forGood.length === 0 ? [] : [`refused: ${forGood.join(', ')}`]),
  ];
  return {
    code: forGood.length === 0 ? 'refused-for-now' : 'refused',
    sentence: `${place}: ${words.join('; ')}; the others have it.`.slice(0, 500),
    ...(again.length === 0 ? {} : { again: [...again] }),
  };
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
