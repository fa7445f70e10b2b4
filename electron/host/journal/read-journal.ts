import { agentApiLimits, agentPaths, JournalPage } from '../../../shared/agent-api/agent-api.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import { membersOf } from '../agent-links/members-of.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { mergeJournals } from './merge-journals.ts';

const journalWithinMs = 4000;

/** Newest records of one cluster from both members; a member that cannot be read is named with why. */
export async function readJournal(
  request: ConsoleRequest<'readJournal'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<ConsoleResponse<'readJournal'>> {
  const members = membersOf(request.cluster, agents);
  const pages = await Promise.all(
    members.map(async (member) => ({
      server: member.endpoint.server,
      page: await ask(member.endpoint, {
        path: journalPath(member, request.limit),
        schema: JournalPage,
        withinMs: journalWithinMs,
      }),
    })),
  );
  return {
    records: mergeJournals(
      pages.flatMap(({ page }) => (page.ok ? [page.value.records] : [])),
      request.limit,
    ),
    missing: pages.flatMap(({ server, page }) => (page.ok ? [] : [{ server, why: page.error.message }])),
  };
}

/** Pages count forward from `from`; the newest ones are those before the head last heard. */
function journalPath({ snapshot }: LinkedAgent, limit: number): string {
  const head = snapshot?.kind === 'member' ? snapshot.journalHead : 0;
  const from = Math.max(0, head - limit + 1);
  return `${agentPaths.journal}?from=${from}&limit=${Math.min(limit, agentApiLimits.journalPage)}`;
}
