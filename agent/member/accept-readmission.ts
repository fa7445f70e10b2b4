import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import { productError, type ErrorCode } from '../../shared/errors.ts';
import type { MemberParts } from './member-parts.ts';

/**
 * A person says that this server is the member it calls itself, although its durable state was written by another
 * one. It is begun anew once store and peer tell the highest epoch; nothing of the foreign state is used.
 */
export function acceptReadmission(parts: MemberParts, command: Command, person: string): CommandAnswer {
  const { config, memory, runtime, journal } = parts;
  const answer = judge(parts, command);
  if (answer.accepted) runtime.readmittedBy = person;
  const asked = `${person} asked to re-admit ${config.serverName} for ${config.cluster}`;
  const because = command.reason === '' ? '' : `, because: ${command.reason}`;
  journal.append({
    kind: 'command',
    sentence: answer.accepted
      ? `${asked}: accepted${because}.`
      : `${asked}: refused, ${answer.error.message}`,
    requestedBy: person,
    result: answer.accepted ? 'ok' : 'refused',
    epoch: memory.current().epoch,
  });
  return answer;
}

function judge({ config, memory }: MemberParts, command: Command): CommandAnswer {
  const refuse = (code: ErrorCode, message: string, next?: string): CommandAnswer => ({
    accepted: false,
    error: productError(code, message, [], next),
    blockers: [],
  });
  if (command.cluster !== config.cluster) {
    return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`);
  }
  if (command.reason === '')
    return refuse('request.invalid', 'The reason is not said.', 'Say why: --reason TEXT.');
  if (memory.foreign) return { accepted: true, operation: `readmit-${config.server}` };
  const said =
    memory.damaged === null
      ? `The state of ${config.serverName} is its own and whole.`
      : `The state of ${config.serverName} is damaged, but not of another machine: it begins anew by itself.`;
  return refuse('command.refused', said, 'Nothing has to be done.');
}
