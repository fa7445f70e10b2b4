import { createHmac } from 'node:crypto';
import { request } from 'node:https';
import {
  deliveryFailed,
  type DeliveryAnswer,
  type NotificationMessage,
} from '../../../shared/notifications/delivery.ts';
import { webhookBody } from '../../../shared/notifications/message.ts';
import {
  placeOfTarget,
  type NotificationTarget,
  type TargetSecrets,
} from '../../../shared/notifications/policy.ts';
import { connectionFailure } from './failure-codes.ts';

const limitMs = 10_000;

type Webhook = Extract<NotificationTarget, { kind: 'webhook' }>;

/** Posts one message as JSON over HTTPS. Redirects are not followed: the address is the one that was configured. */
export function postWebhook(
  target: Webhook,
  secrets: TargetSecrets,
  { message, attempt }: { readonly message: NotificationMessage; readonly attempt: number },
): Promise<DeliveryAnswer> {
  const place = placeOfTarget(target);
  const body = JSON.stringify(webhookBody(message, attempt));
  return new Promise((resolve) => {
    const outgoing = request(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'ixha',
        'x-ixha-message': message.id,
        ...(secrets.bearerToken === undefined ? {} : { authorization: `Bearer ${secrets.bearerToken}` }),
        ...(secrets.signingSecret === undefined ? {} : signature(secrets.signingSecret, body)),
      },
      minVersion: 'TLSv1.2',
      agent: false,
      ...(secrets.authorityPem === undefined ? {} : { ca: secrets.authorityPem }),
    });
    const deadline = setTimeout(() => {
      resolve(deliveryFailed('timed-out', `${place} did not answer within ${limitMs / 1_000} s.`));
      outgoing.destroy();
    }, limitMs);
    const settle = (answer: DeliveryAnswer) => {
      clearTimeout(deadline);
      resolve(answer);
    };
    outgoing.on('error', (error) => {
      settle(connectionFailure(error, place) ?? deliveryFailed('nonsense', `${place}: ${error.message}.`));
    });
    outgoing.on('response', (response) => {
      // What the receiver writes is not read: only its status counts.
      response.resume();
      response.on('error', () => undefined);
      settle(answerOfStatus(response.statusCode ?? 0, place));
      response.destroy();
    });
    outgoing.end(body);
  });
}

/** The receiver makes the same of time and body, and compares: an old message that is sent again is told by its time. */
function signature(secret: string, body: string): Record<string, string> {
  const time = String(Math.floor(Date.now() / 1_000));
  const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return { 'x-ixha-time': time, 'x-ixha-signature': `sha256=${mac}` };
}

function answerOfStatus(status: number, place: string): DeliveryAnswer {
  if (status >= 200 && status < 300) return { ok: true, said: `HTTP ${status}` };
  const said = `${place} answered HTTP ${status}.`;
  if (status === 401 || status === 403) return deliveryFailed('auth-refused', said);
  if (status === 408 || status === 429 || status >= 500) return deliveryFailed('refused-for-now', said);
  return deliveryFailed(status >= 400 ? 'refused' : 'nonsense', said);
}
