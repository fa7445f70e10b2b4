import { randomUUID } from 'node:crypto';
import {
  agentPaths,
  CommandAnswer,
  reinstateStoreVerb,
  replaceStoreVerb,
  retireStoreVerb,
} from '../../../shared/agent-api/agent-api.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { AskedMember } from '../../../shared/upgrade/member-health.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { replacementWithinMs } from '../operations/ask-member.ts';

export interface StoreChange {
  readonly verb: typeof retireStoreVerb | typeof reinstateStoreVerb | typeof replaceStoreVerb;
  readonly cluster: string;
  readonly reason: string;
  /** What takes the place of a store that is retired. */
  readonly successor?: string;
}

/** Has one member carry out one step on the lease store. Errors: what the member refuses with, agent.*, server.*. */
export async function askForChange(
  ask: AskAgent,
  site: SiteDocument,
  member: AskedMember,
  change: StoreChange,
): Promise<Result<boolean, ProductError>> {
  const endpoint = agentEndpoints(site).find(
    ({ cluster, server }) => cluster === change.cluster && server === member.server,
  )!;
  const body = {
    ...change,
    target: null,
    epoch: member.snapshot?.lease.epoch ?? 0,
    idempotencyKey: randomUUID(),
  };
  const answer = await ask(endpoint, {
    path: agentPaths.commands,
    body,
    schema: CommandAnswer,
    withinMs: replacementWithinMs,
  });
  if (!answer.ok) return answer;
  return answer.value.accepted ? succeed(true) : fail(answer.value.error);
}
