import {
  agentPaths,
  CommandAnswer,
  replaceStoreVerb,
  type Command,
} from '../../../shared/agent-api/agent-api.ts';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import { productError } from '../../../shared/errors.ts';
import type { ConsoleRole } from '../../../shared/site/identity.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { CallFailure } from '../ipc/call-failure.ts';

const commandWithinMs = 5_000;
/** Both members and the store write it down first, each within O, which is 8 s at most. */
export const replacementWithinMs = 20_000;

/**
 * Asks one named member for what only administrators may ask: a forced takeover, its re-admission, or another lease
 * store. The agent looks
 * at the certificate again. A failure that leaves the outcome open is thrown.
 */
export async function askMember(
  command: Command & { readonly target: string },
  role: ConsoleRole,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<CommandAnswer> {
  if (role !== 'admin') {
    return refused('command.forbidden', `${command.verb} is for administrators; this console is ${role}.`);
  }
  const { cluster, target } = command;
  const found = agents.find(({ endpoint }) => endpoint.cluster === cluster && endpoint.server === target);
  if (found === undefined) return refused('request.invalid', `${target} is not a member of ${cluster}.`);
  const answer = await ask(found.endpoint, {
    path: agentPaths.commands,
    body: command,
    schema: CommandAnswer,
    withinMs: command.verb === replaceStoreVerb ? replacementWithinMs : commandWithinMs,
  });
  if (answer.ok) return answer.value;
  throw new CallFailure(answer.error);
}

export function forceCommand(request: ConsoleRequest<'forceTakeover'>): Command & { target: string } {
  return { verb: 'force-takeover', ...request };
}

export function readmitCommand({ server, ...rest }: ConsoleRequest<'readmit'>): Command & { target: string } {
  return { verb: 'readmit', target: server, ...rest };
}

export function replaceStoreCommand({
  server,
  statement,
  typedName,
  ...rest
}: ConsoleRequest<'replaceStore'>): Command & { target: string } {
  const said = statement === undefined ? {} : { statement, typedName: typedName ?? '' };
  return { verb: replaceStoreVerb, target: server, ...rest, ...said };
}

function refused(code: 'request.invalid' | 'command.forbidden', message: string): CommandAnswer {
  return { accepted: false, error: productError(code, message), blockers: [] };
}
