import { productError } from '../../shared/errors.ts';
import { NotificationSecrets } from '../../shared/notifications/policy.ts';
import { NotifyTestOrder, SecretsOrder } from '../../shared/notifications/told.ts';
import { refusal, type AgentCall, type AgentReply } from '../api/agent-server.ts';
import type { Notifier } from './notifier.ts';

const notConfigured = () =>
  refusal(409, productError('notify.no-target', 'No notifications are configured for this member.'));

/** Sends a test message to each target and answers what became of it. `by`: who asks. */
export async function takeNotifyTest(
  notifier: Notifier | null,
  call: AgentCall,
  by: string,
): Promise<AgentReply> {
  if (notifier === null) return notConfigured();
  const order = NotifyTestOrder.safeParse(call.body);
  if (!order.success) return refusal(400, productError('request.invalid', 'The order was not understood.'));
  const { target } = order.data;
  if (target !== undefined && !notifier.told().targets.some(({ id }) => id === target)) {
    return refusal(409, productError('notify.no-target', `There is no target ${target}.`));
  }
  const answer = await notifier.test(by, target);
  if (answer !== null) return { status: 200, json: answer };
  return refusal(
    409,
    productError('command.refused', 'Another test is under way.', [], 'Wait until it has ended.'),
  );
}

/** Takes the secrets of all targets, for administrators only. They are kept and never told again. */
export function takeNotifySecrets(notifier: Notifier | null, call: AgentCall): AgentReply {
  if (notifier === null) return notConfigured();
  const secrets = NotificationSecrets.safeParse(call.body);
  // Which field is wrong would repeat what it holds.
  if (!secrets.success)
    return refusal(400, productError('request.invalid', 'The secrets were not understood.'));
  return kept(notifier, () => notifier.secrets.replace(secrets.data));
}

/** Takes the secrets of one target, for administrators only. */
export function takeNotifySecret(notifier: Notifier | null, call: AgentCall): AgentReply {
  if (notifier === null) return notConfigured();
  const order = SecretsOrder.safeParse(call.body);
  // Which field is wrong would repeat what it holds.
  if (!order.success)
    return refusal(400, productError('request.invalid', 'The secrets were not understood.'));
  const { target, secrets } = order.data;
  const targets = notifier.told().targets.map(({ id }) => id);
  if (!targets.includes(target)) {
    return refusal(409, productError('notify.no-target', `There is no target ${target}.`));
  }
  return kept(notifier, () => notifier.secrets.replaceOne(target, secrets, targets));
}

function kept(notifier: Notifier, write: () => void): AgentReply {
  try {
    write();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return refusal(500, productError('notify.not-kept', `The secrets cannot be written: ${why}.`));
  }
  return { status: 200, json: { kept: notifier.secrets.targets() } };
}
