import { productError } from '../../shared/errors.ts';
import { AcknowledgeOrder } from '../../shared/notifications/acknowledgement.ts';
import { refusal, type AgentCall, type AgentReply } from '../api/agent-server.ts';
import type { Acknowledgements } from './acknowledgements.ts';

/** Keeps that a person knows of an alarm of this member. `by`: who asks. */
export function takeAcknowledgement(
  acknowledgements: Acknowledgements,
  call: AgentCall,
  by: string,
): AgentReply {
  const order = AcknowledgeOrder.safeParse(call.body);
  if (!order.success) return refusal(400, productError('request.invalid', 'The order was not understood.'));
  const taken = acknowledgements.take(order.data, by);
  if (!taken.ok) return refusal(taken.error.code === 'alarm.changed' ? 409 : 500, taken.error);
  return { status: 200, json: { acknowledged: taken.value } };
}
