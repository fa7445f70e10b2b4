import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import type { Blocker } from '../../shared/agent-api/member-snapshot.ts';
import { productError, type ErrorCode } from '../../shared/errors.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { readmissionOf } from '../../shared/failover/readmission.ts';
import type { MemberParts } from './member-parts.ts';

/**
 * A person takes this member back. Either its durable state was written by another machine: then it is begun anew once
 * store and peer tell the highest epoch, and nothing of the foreign state is used. Or the other member has taken over
 * by force: then this one takes part again, with the highest epoch known.
 */
export function acceptReadmission(
  parts: MemberParts,
  facts: MemberFacts,
  command: Command,
  person: string,
): CommandAnswer {
  const { config, memory, journal } = parts;
  const answer = takeBack(parts, facts, command, person);
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

function takeBack(parts: MemberParts, facts: MemberFacts, command: Command, person: string): CommandAnswer {
  const refused = refusal(parts, facts, command);
  if (refused !== null) return refused;
  const { config, memory, runtime } = parts;
  try {
    if (memory.foreign) runtime.readmittedBy = person;
    else letBackIn(parts, facts);
    return { accepted: true, operation: `readmit-${config.server}` };
  } catch (error) {
    return refuse(
      'command.refused',
      `The state of ${config.serverName} cannot be written: ${String(error)}.`,
    );
  }
}

/**
 * Nothing under an epoch up to the highest known is ever used here again. What a person has stated of the other member
 * since stands; the epoch that a store was begun with then is nobody's.
 */
function letBackIn({ memory, keeper }: MemberParts, { lease, forced }: MemberFacts): void {
  const { epoch, forced: stated } = memory.current();
  const expelledAt = forced.expelled?.epoch ?? 0;
  const stands = stated !== undefined && stated.epoch > expelledAt ? stated : undefined;
  const storeEpoch = lease.storeEpoch === stands?.epoch ? 0 : (lease.storeEpoch ?? 0);
  const highest = Math.max(epoch, expelledAt, storeEpoch);
  memory.update({ expelled: undefined, forced: stands, epoch: highest, ended: highest });
  keeper.rememberAnew();
}

function refusal(
  { config, memory }: MemberParts,
  facts: MemberFacts,
  command: Command,
): CommandAnswer | null {
  if (command.cluster !== config.cluster) {
    return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`);
  }
  if (command.reason === '')
    return refuse('request.invalid', 'The reason is not said.', 'Say why: --reason TEXT.');
  const needed = readmissionOf(facts);
  if (needed === null && !memory.foreign) {
    const said =
      memory.damaged === null
        ? `The state of ${config.serverName} is its own and whole.`
        : `The state of ${config.serverName} is damaged, but not of another machine: it begins anew by itself.`;
    return refuse('command.refused', said, 'Nothing has to be done.');
  }
  const first = needed?.blockers[0];
  if (first === undefined) return null;
  const said = `${config.serverName} cannot be re-admitted yet: ${first.reason}`;
  return refuse('command.refused', said, first.remedy, needed?.blockers);
}

function refuse(
  code: ErrorCode,
  message: string,
  next?: string,
  blockers: readonly Blocker[] = [],
): CommandAnswer {
  return { accepted: false, error: productError(code, message, [], next), blockers: [...blockers] };
}
