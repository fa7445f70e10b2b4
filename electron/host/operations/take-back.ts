import { agentPaths, CommandAnswer, type Command } from '../../../shared/agent-api/agent-api.ts';
import type { AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';

const askWithinMs = 5_000;
/** Each try may last as long as an unanswered question. */
const tries = 3;

/** A change that its agent keeps until a second person has decided. */
export interface KeptChange extends Pick<Command, 'cluster' | 'epoch' | 'idempotencyKey'> {
  readonly request: string;
}

/**
 * Takes it back, since nobody shall agree to what nobody follows any more. Asked again while no answer comes; what became
 * of it is told to whoever asks for the change once more under its key.
 */
export async function takeBack(
  ask: AskAgent,
  agent: AgentEndpoint,
  { cluster, epoch, idempotencyKey, request }: KeptChange,
  reason: string,
): Promise<void> {
  const kept = { cluster, epoch, request, reason, idempotencyKey: `${idempotencyKey}-w` };
  const body: Command = { verb: 'withdraw', target: null, ...kept };
  for (let count = 0; count < tries; count += 1) {
    const told = await ask(agent, {
      path: agentPaths.commands,
      body,
      schema: CommandAnswer,
      withinMs: askWithinMs,
    });
    if (told.ok) return;
  }
}

/** Why whether it will be done is not known. */
export function standsWords(request: string, member: string, cluster: string): string {
  return `The request ${request} could not be taken back on ${member}: somebody may still agree to it. Withdraw it on the page of ${cluster}.`;
}
