import type { RevocationAnswer } from '../../shared/agent-api/revocation-frames.ts';
import { RevocationOffer } from '../../shared/agent-api/revocation-frames.ts';
import { productError } from '../../shared/errors.ts';
import type { Revocations } from '../tls/revocations.ts';
import { refusal, type AgentCall, type AgentReply } from './agent-server.ts';

/**
 * Takes a newer revocation list and answers with its own where that is newer. Anybody of the site may ask and bring
 * one: what counts is the authority's signature on it.
 */
export function takeOffer(revocations: Revocations, { body }: AgentCall): AgentReply {
  const offer = RevocationOffer.safeParse(body);
  if (!offer.success)
    return refusal(400, productError('request.invalid', 'No revocation list was understood.'));
  const { number, list } = offer.data;
  if (list !== undefined) {
    const taken = revocations.take(list);
    if (!taken.ok) return refusal(409, taken.error);
  }
  const text = revocations.text();
  const own = { number: revocations.number() };
  const answer: RevocationAnswer = own.number > number && text !== null ? { ...own, list: text } : own;
  return { status: 200, json: answer };
}
