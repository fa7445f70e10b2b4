import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import { EvidenceReport } from '../../../shared/agent-api/member-evidence.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { membersOf } from '../agent-links/members-of.ts';

const evidenceWithinMs = 4000;

/** What stands behind the state of one cluster's members; one that cannot be asked is named with why. */
export async function readEvidence(
  request: ConsoleRequest<'readEvidence'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<ConsoleResponse<'readEvidence'>> {
  const answers = await Promise.all(
    membersOf(request.cluster, agents).map(async ({ endpoint }) => ({
      server: endpoint.server,
      answer: await ask(endpoint, {
        path: agentPaths.evidence,
        schema: EvidenceReport,
        withinMs: evidenceWithinMs,
      }),
    })),
  );
  return {
    reports: answers.flatMap(({ answer }) => (answer.ok ? [answer.value] : [])),
    missing: answers.flatMap(({ server, answer }) =>
      answer.ok ? [] : [{ server, why: answer.error.message }],
    ),
  };
}
