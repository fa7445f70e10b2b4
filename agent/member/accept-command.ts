import { randomUUID } from 'node:crypto';
import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import type { Blocker } from '../../shared/agent-api/member-snapshot.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import { changeBlockers } from '../../shared/failover/blockers.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import type { MemberParts } from './member-parts.ts';

/** Answers remembered for repeats of the same request, newest last. */
const answered = new WeakMap<MemberParts, Map<string, CommandAnswer>>();
const answersKept = 100;

/**
 * Accepts or refuses a planned change. Accepted means durable: from then on it is carried out or rolled back,
 * whatever happens to the asker. The same idempotency key gets the same answer.
 */
export function acceptCommand(
  parts: MemberParts,
  facts: MemberFacts,
  command: Command,
  person: string,
): CommandAnswer {
  const known = answered.get(parts) ?? new Map<string, CommandAnswer>();
  answered.set(parts, known);
  const before = known.get(command.idempotencyKey);
  if (before !== undefined) return before;
  const running = parts.changes.own();
  if (running !== null && parts.memory.current().operation?.idempotencyKey === command.idempotencyKey) {
    return { accepted: true, operation: running.id };
  }
  const answer = judge(parts, facts, command, person);
  // A refusal says something about now; only an acceptance binds.
  if (answer.accepted) known.set(command.idempotencyKey, answer);
  if (known.size > answersKept) known.delete(known.keys().next().value ?? '');
  parts.journal.append({
    kind: 'command',
    sentence: answer.accepted
      ? `${person} asked for a ${command.verb} of ${parts.config.cluster}: accepted${command.reason === '' ? '' : `, because: ${command.reason}`}.`
      : `${person} asked for a ${command.verb} of ${parts.config.cluster}: refused, ${answer.error.message}`,
    requestedBy: person,
    result: answer.accepted ? 'ok' : 'refused',
    operation: answer.accepted ? answer.operation : null,
    epoch: parts.memory.current().epoch,
  });
  return answer;
}

function judge(parts: MemberParts, facts: MemberFacts, command: Command, person: string): CommandAnswer {
  const { config, changes, clock, memory } = parts;
  if (command.cluster !== config.cluster) {
    return refuse(
      productError('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`),
    );
  }
  const busy = refusalWhileOpen(parts);
  if (busy !== null) return busy;
  if (!facts.lease.held) {
    const holder =
      facts.lease.holder === config.peer.server ? config.peer.serverName : 'nobody that is known here';
    return refuse(
      productError(
        'command.not-active',
        `${config.serverName} is not Active for ${config.cluster}; ${holder} is.`,
      ),
    );
  }
  const target = command.target ?? config.peer.server;
  if (target !== config.peer.server) {
    return refuse(
      productError(
        'request.invalid',
        `${target} is not the other member of ${config.cluster}; that is ${config.peer.server}.`,
      ),
    );
  }
  if (command.epoch !== memory.current().epoch) {
    return refuse(
      productError(
        'command.revision',
        `The command was prepared for epoch ${command.epoch}; it is ${memory.current().epoch} now.`,
      ),
    );
  }
  const blockers = changeBlockers(facts);
  if (blockers.length > 0) {
    return refuse(
      productError(
        'command.refused',
        `${config.cluster} cannot be handed over now.`,
        blockers.map((blocker) => `${blocker.reason} ${blocker.remedy}`),
      ),
      blockers,
    );
  }
  const id = randomUUID();
  changes.begin({
    id,
    kind: command.verb === 'handover' ? 'handover' : 'switchover',
    to: target,
    epoch: memory.current().epoch,
    requestedBy: person,
    reason: command.reason,
    startedWallTime: clock.wallTime(),
    idempotencyKey: command.idempotencyKey,
  });
  return { accepted: true, operation: id };
}

function refuse(error: ProductError, blockers: readonly Blocker[] = []): CommandAnswer {
  return { accepted: false, error, blockers: [...blockers] };
}

/** One change at a time: a second one would replace what the first is resumed and judged by. */
function refusalWhileOpen({ memory, config }: MemberParts): CommandAnswer | null {
  const running = memory.current().operation;
  if (running === null) return null;
  const { kind, requestedBy, startedWallTime, id } = running;
  const sentence = `${config.cluster} is being handed over to ${config.peer.serverName} already: the ${kind} that ${requestedBy} asked for at ${startedWallTime} (${id}) is under way.`;
  const next = 'Wait until it is done or rolled back, then ask again if it is still needed.';
  return refuse(productError('command.refused', sentence, [], next));
}
