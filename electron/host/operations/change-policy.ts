import {
  agentPaths,
  CommandAnswer,
  secondPersonVerb,
  type Command,
} from '../../../shared/agent-api/agent-api.ts';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import { productError } from '../../../shared/errors.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { CallFailure } from '../ipc/call-failure.ts';

/** The agent has the peer and the store write it down first: each may take O, which is 8 s at most. */
const commandWithinMs = 20_000;

/**
 * Has a member of the cluster change what the agents do by themselves: the Active where it is heard, else the other
 * one, since the lease store keeps it for both.
 */
export function changePolicy(
  { minutes, ...wish }: ConsoleRequest<'changePolicy'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<CommandAnswer> {
  return askAny({ ...wish, ...(minutes === null ? {} : { minutes }) }, agents, ask);
}

/** Has a member of the cluster set what waits for a second person; chosen the same way. */
export function setSecondPerson(
  wish: ConsoleRequest<'setSecondPerson'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<CommandAnswer> {
  return askAny({ verb: secondPersonVerb, ...wish }, agents, ask);
}

async function askAny(
  wish: Omit<Command, 'target' | 'epoch'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<CommandAnswer> {
  const { cluster } = wish;
  const members = agents.filter(({ endpoint }) => endpoint.cluster === cluster);
  if (members.length === 0) return refused('request.invalid', `There is no cluster ${cluster}.`);
  const heard = members.filter(({ link }) => link.phase === 'connected');
  const chosen = heard.find(isActive) ?? heard[0];
  if (chosen === undefined) {
    return refused('agent.unreachable', `No member of ${cluster} can be heard, so nothing was asked of it.`);
  }
  const command: Command = {
    ...wish,
    target: null,
    epoch: chosen.snapshot?.kind === 'member' ? chosen.snapshot.lease.epoch : 0,
  };
  const answer = await ask(chosen.endpoint, {
    path: agentPaths.commands,
    body: command,
    schema: CommandAnswer,
    withinMs: commandWithinMs,
  });
  if (answer.ok) return answer.value;
  throw new CallFailure(answer.error);
}

function isActive({ snapshot }: LinkedAgent): boolean {
  return snapshot?.kind === 'member' && snapshot.role.observed === 'active';
}

function refused(code: 'request.invalid' | 'agent.unreachable', message: string): CommandAnswer {
  return { accepted: false, error: productError(code, message), blockers: [] };
}
