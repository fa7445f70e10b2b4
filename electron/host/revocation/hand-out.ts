import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import { RevocationAnswer } from '../../../shared/agent-api/revocation-frames.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { readSigned, type SignedRevocations } from './kept-revocations.ts';

const withinMs = 5_000;

/** What one agent said when a list was handed to it. */
export interface Handed {
  readonly endpoint: AgentEndpoint;
  /** Null: it has it, durably. */
  readonly error: ProductError | null;
}

/** The lists that the agents of a site have, as far as they answer; those that are not well signed do not count. */
export async function listsOfAgents(
  ask: AskAgent,
  endpoints: readonly AgentEndpoint[],
  site: string,
  authorityPem: string,
): Promise<SignedRevocations[]> {
  const answers = await Promise.all(endpoints.map((endpoint) => offer(ask, endpoint, { number: 0 })));
  const texts = new Set(answers.flatMap((answer) => (answer.ok ? (answer.value.list ?? []) : [])));
  return [...texts].flatMap((text) => {
    const list = readSigned(text, site, authorityPem);
    return list.ok ? [list.value] : [];
  });
}

/** Hands a list to every agent at the same time. Whoever does not answer gets it from the others later. */
export function handOut(
  ask: AskAgent,
  endpoints: readonly AgentEndpoint[],
  { list: { number }, text: list }: SignedRevocations,
): Promise<Handed[]> {
  return Promise.all(
    endpoints.map(async (endpoint) => {
      const answer = await offer(ask, endpoint, { number, list });
      return { endpoint, error: answer.ok ? null : answer.error };
    }),
  );
}

function offer(
  ask: AskAgent,
  endpoint: AgentEndpoint,
  body: { readonly number: number; readonly list?: string },
): Promise<Result<RevocationAnswer, ProductError>> {
  return ask(endpoint, { path: agentPaths.revocations, body, schema: RevocationAnswer, withinMs });
}
