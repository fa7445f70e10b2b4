import {
  agentPaths,
  cancelScheduleVerb,
  CommandAnswer,
  scheduleVerb,
  type Command,
} from '../../../shared/agent-api/agent-api.ts';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import { productError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { CallFailure } from '../ipc/call-failure.ts';

const commandWithinMs = 5000;
/** What was agreed to may be a maintenance, which the peer and the store write down first: each within O, 8 s at most. */
const agreedWithinMs = 20_000;

/**
 * Sends a move to the member seen Active, or a failover to its target. Refusals are answers; a failure that leaves the outcome
 * open is thrown as `server.timeout`, and the operation shows in the snapshot if it did start.
 */
export async function switchOver(
  request: ConsoleRequest<'switchOver'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<CommandAnswer> {
  const asked = agentToAsk(request, agents);
  return asked.ok ? sendMove(request, asked.value, ask) : asked.error;
}

/** The member that a move is asked of, or the refusal that the console itself gives: then nothing is sent. */
export function agentToAsk(
  request: ConsoleRequest<'switchOver'>,
  agents: readonly LinkedAgent[],
): Result<LinkedAgent, CommandAnswer> {
  return request.verb === 'failover' ? targetAgent(request, agents) : activeAgent(request, agents);
}

/** Asks this member for the move, whatever it is by now: under the same key it tells what became of it. */
export function sendMove(
  { verb = 'switchover', ...rest }: ConsoleRequest<'switchOver'>,
  to: LinkedAgent,
  ask: AskAgent,
): Promise<CommandAnswer> {
  return send({ verb, ...rest }, to, ask);
}

/** Has the Active keep a move for a window. `now` is the wall time of this workstation. */
export async function scheduleMove(
  { verb: move, from, until, ...rest }: ConsoleRequest<'scheduleMove'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
  now: string,
): Promise<CommandAnswer> {
  const asked = activeAgent(rest, agents);
  if (!asked.ok) return asked.error;
  const command: Command = { verb: scheduleVerb, move, window: { from, until, askedAt: now }, ...rest };
  return send(command, asked.value, ask);
}

/** Calls a kept move off, at the member that keeps it. */
export async function cancelSchedule(
  { server, ...rest }: ConsoleRequest<'cancelSchedule'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<CommandAnswer> {
  const asked = targetAgent({ cluster: rest.cluster, target: server }, agents);
  if (!asked.ok) return asked.error;
  return send({ verb: cancelScheduleVerb, target: null, ...rest }, asked.value, ask);
}

/** Takes a person's word on a change that waits to the member that keeps it. */
export async function decideRequest(
  { server, ...rest }: ConsoleRequest<'decideRequest'>,
  agents: readonly LinkedAgent[],
  ask: AskAgent,
): Promise<CommandAnswer> {
  const asked = targetAgent({ cluster: rest.cluster, target: server }, agents);
  if (!asked.ok) return asked.error;
  return send({ target: null, ...rest }, asked.value, ask, agreedWithinMs);
}

async function send(
  command: Command,
  to: LinkedAgent,
  ask: AskAgent,
  withinMs = commandWithinMs,
): Promise<CommandAnswer> {
  const answer = await ask(to.endpoint, {
    path: agentPaths.commands,
    body: command,
    schema: CommandAnswer,
    withinMs,
  });
  if (answer.ok) return answer.value;
  throw new CallFailure(answer.error);
}

/** The member that shall take over, whatever its state: its own agent knows best why it cannot. */
function targetAgent(
  request: Pick<ConsoleRequest<'switchOver'>, 'cluster' | 'target'>,
  agents: readonly LinkedAgent[],
): Result<LinkedAgent, CommandAnswer> {
  const target = agents.find(
    ({ endpoint }) => endpoint.cluster === request.cluster && endpoint.server === request.target,
  );
  if (target !== undefined) return succeed(target);
  return fail(refused('request.invalid', `${request.target} is not a member of ${request.cluster}.`));
}

/** The one connected member of the cluster that is seen Active, or the refusal to send. */
function activeAgent(
  request: Pick<ConsoleRequest<'switchOver'>, 'cluster' | 'target'>,
  agents: readonly LinkedAgent[],
): Result<LinkedAgent, CommandAnswer> {
  const members = agents.filter(({ endpoint }) => endpoint.cluster === request.cluster);
  if (members.length === 0)
    return fail(refused('request.invalid', `There is no cluster ${request.cluster}.`));
  const target = members.find(({ endpoint }) => endpoint.server === request.target);
  if (target === undefined) {
    const said = `${request.target} is not a member of ${request.cluster}.`;
    return fail(refused('request.invalid', said));
  }
  const active = members.filter(isSeenActive);
  const [only] = active;
  if (only === undefined) {
    const seen = members.map(describeMember).join('; ');
    return fail(
      refused('command.not-active', `No member of ${request.cluster} is seen Active now (${seen}).`),
    );
  }
  if (active.length > 1) {
    const said = `Both members of ${request.cluster} say that they are Active. Nothing is moved now.`;
    return fail(
      refused('command.refused', said, 'Find out on both servers which engine runs, and stop the wrong one.'),
    );
  }
  if (only === target) {
    const said = `${target.endpoint.name} is Active already.`;
    return fail(refused('command.refused', said, 'Choose the other member as the new Active.'));
  }
  return succeed(only);
}

function isSeenActive({ link, snapshot }: LinkedAgent): boolean {
  return link.phase === 'connected' && snapshot?.kind === 'member' && snapshot.role.observed === 'active';
}

function describeMember({ endpoint, link, snapshot }: LinkedAgent): string {
  if (link.phase !== 'connected') return `${endpoint.name} cannot be heard`;
  return `${endpoint.name} is ${snapshot?.kind === 'member' ? snapshot.role.observed : 'unknown'}`;
}

function refused(
  code: 'request.invalid' | 'command.not-active' | 'command.refused',
  message: string,
  next?: string,
): CommandAnswer {
  return { accepted: false, error: productError(code, message, [], next), blockers: [] };
}
