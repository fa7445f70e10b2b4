/**
 * Delivers one message and ends: started by an agent for each attempt, so that neither the mail library nor a slow
 * receiver costs the agent memory or time. The order comes on standard input, the answer is one line of JSON.
 */
import { readFileSync } from 'node:fs';
import {
  deliveryFailed,
  DeliveryOrder,
  type DeliveryAnswer,
} from '../../../shared/notifications/delivery.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { sendMail } from './mail.ts';
import { postWebhook } from './webhook.ts';

async function deliver(): Promise<DeliveryAnswer> {
  const order = DeliveryOrder.safeParse(parseJson(readFileSync(0, 'utf8')));
  if (!order.success) return deliveryFailed('not-run', 'The order to deliver a message was not understood.');
  const { target, secrets, message, attempt } = order.data;
  return target.kind === 'mail'
    ? sendMail(target, secrets, message)
    : postWebhook(target, secrets, { message, attempt });
}

void deliver()
  .catch((error: unknown) => deliveryFailed('not-run', String(error)))
  .then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0)));
