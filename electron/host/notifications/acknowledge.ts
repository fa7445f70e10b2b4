import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import { productError } from '../../../shared/errors.ts';
import { AcknowledgeAnswer } from '../../../shared/notifications/acknowledgement.ts';
import type { AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';

const withinMs = 10_000;

/** Tells each agent which of its alarms a person knows of; answers those that did not take it, with why. */
export async function acknowledge(
  { alarms, comment }: ConsoleRequest<'acknowledge'>,
  endpoints: readonly AgentEndpoint[],
  ask: AskAgent,
): Promise<ConsoleResponse<'acknowledge'>> {
  const answers = await Promise.all(
    alarms.map(async ({ cluster, server, name, mark }) => {
      const endpoint = endpoints.find((one) => one.cluster === cluster && one.server === server);
      if (endpoint === undefined) {
        const said = `${cluster} has no member on ${server}.`;
        return [{ member: `${server} (${cluster})`, error: productError('request.invalid', said) }];
      }
      const body = { name, mark, comment };
      const order = { path: agentPaths.acknowledge, body, schema: AcknowledgeAnswer, withinMs };
      const answer = await ask(endpoint, order);
      return answer.ok ? [] : [{ member: endpoint.name, error: answer.error }];
    }),
  );
  return { refused: answers.flat() };
}
