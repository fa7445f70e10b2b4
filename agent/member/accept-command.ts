import { askedNow } from './asked-since.ts';
import { randomUUID } from 'node:crypto';
import { forceVerb, type Command, type CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import type { Blocker } from '../../shared/agent-api/member-snapshot.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import { changeBlockers, failoverBlockers, forcedBlockers } from '../../shared/failover/blockers.ts';
import type { ChangeKind } from '../../shared/failover/plan.ts';
import { statementWords } from '../../shared/failover/rules/forced-words.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { beginAnew } from './begin-anew.ts';
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
      ? `${askedFor(parts, command, person)}: accepted${command.reason === '' ? '' : `, because: ${command.reason}`}.`
      : `${askedFor(parts, command, person)}: refused, ${answer.error.message}`,
    requestedBy: person,
    result: answer.accepted ? 'ok' : 'refused',
    operation: answer.accepted ? answer.operation : null,
    epoch: parts.memory.current().epoch,
  });
  return answer;
}

function askedFor({ config }: MemberParts, command: Command, person: string): string {
  const asked = `${person} asked for a ${kindOf(command)} of ${config.cluster}`;
  if (command.verb !== forceVerb || command.statement === undefined) return asked;
  const store = command.withoutStore === true ? ', without the lease store' : '';
  return `${asked}${store}, and states that ${config.peer.serverName} ${statementWords[command.statement]}`;
}

/** Why this command would be refused now; null: it would not. */
export function commandRefusal(
  parts: MemberParts,
  facts: MemberFacts,
  command: Command,
): CommandAnswer | null {
  return (
    wrongAddress(parts, command) ??
    refusalWhileOpen(parts, facts, command) ??
    refusalOf(parts, facts, command)
  );
}

function judge(parts: MemberParts, facts: MemberFacts, command: Command, person: string): CommandAnswer {
  const { config, changes, clock, memory } = parts;
  const refused = commandRefusal(parts, facts, command);
  if (refused !== null) return refused;
  // What the peer would have told, the person's word stands for: it is fenced, and counts on no promise of this member.
  if (command.verb === forceVerb && memory.damaged !== null) beginAnew(parts, facts.lease.storeEpoch ?? 0);
  const id = randomUUID();
  changes.begin({
    id,
    kind: kindOf(command),
    to: ofTheTaker(command) ? config.server : config.peer.server,
    epoch: memory.current().epoch,
    requestedBy: person,
    reason: command.reason,
    startedWallTime: clock.wallTime(),
    idempotencyKey: command.idempotencyKey,
    ...(command.verb === forceVerb
      ? {
          statement: command.statement,
          withoutStore: command.withoutStore === true,
          asked: askedNow(clock),
        }
      : {}),
  });
  return { accepted: true, operation: id };
}

function refusalOf(parts: MemberParts, facts: MemberFacts, command: Command): CommandAnswer | null {
  if (command.verb === forceVerb) return forceRefusal(parts, facts, command);
  return command.verb === 'failover'
    ? takeOverRefusal(parts, facts, command)
    : handOverRefusal(parts, facts, command);
}

function kindOf({ verb }: Command): ChangeKind {
  if (verb === forceVerb) return 'force-takeover';
  return verb === 'handover' || verb === 'failback' || verb === 'failover' ? verb : 'switchover';
}

/** Asked of the member that shall take over; all others of the one that hands over. */
function ofTheTaker({ verb }: Command): boolean {
  return verb === 'failover' || verb === forceVerb;
}

function wrongAddress({ config }: MemberParts, command: Command): CommandAnswer | null {
  if (command.cluster !== config.cluster) {
    const said = `This agent belongs to ${config.cluster}, not to ${command.cluster}.`;
    return refuse(productError('request.invalid', said));
  }
  const own = ofTheTaker(command);
  const only = own ? config.server : config.peer.server;
  if (command.target === null || command.target === only) return null;
  const said = own
    ? `A ${kindOf(command)} is asked of the member that shall take over: of ${command.target}, not of ${only}.`
    : `${command.target} is not the other member of ${config.cluster}; that is ${only}.`;
  return refuse(productError('request.invalid', said));
}

/** The command was made for what the asker saw; anything else now, and he must look again. */
function staleRefusal({ memory }: MemberParts, command: Command): CommandAnswer | null {
  const { epoch } = memory.current();
  if (command.epoch === epoch) return null;
  const said = `The command was prepared for epoch ${command.epoch}; it is ${epoch} now.`;
  return refuse(productError('command.revision', said));
}

function handOverRefusal(parts: MemberParts, facts: MemberFacts, command: Command): CommandAnswer | null {
  const { config } = parts;
  if (!facts.lease.held) {
    const holder =
      facts.lease.holder === config.peer.server ? config.peer.serverName : 'nobody that is known here';
    const said = `${config.serverName} is not Active for ${config.cluster}; ${holder} is.`;
    return refuse(productError('command.not-active', said));
  }
  if (command.verb === 'failback' && !facts.peer.preferred) {
    const said = facts.self.preferred
      ? `${config.serverName} is the preferred member of ${config.cluster} already.`
      : `No member of ${config.cluster} is preferred, so there is none to move back to.`;
    return refuse(productError('command.refused', said, [], 'Ask for a switchover to move the cluster.'));
  }
  return (
    staleRefusal(parts, command) ??
    blocked(`${config.cluster} cannot be handed over now.`, changeBlockers(facts))
  );
}

function takeOverRefusal(parts: MemberParts, facts: MemberFacts, command: Command): CommandAnswer | null {
  const { config } = parts;
  if (facts.lease.held) {
    const said = `${config.serverName} is Active for ${config.cluster} already.`;
    return refuse(productError('command.refused', said, [], 'Nothing has to be done.'));
  }
  const stale = staleRefusal(parts, command);
  return stale ?? blocked(`${config.serverName} cannot take over now.`, failoverBlockers(facts));
}

/** Everything that the person must have said is checked here too: a script that leaves it out is refused as well. */
function forceRefusal(parts: MemberParts, facts: MemberFacts, command: Command): CommandAnswer | null {
  const { config } = parts;
  const unsaid = unsaidOf(command, config.peer.serverName);
  if (unsaid !== null) return refuse(productError('request.invalid', unsaid));
  if (facts.lease.held) {
    const said = `${config.serverName} is Active for ${config.cluster} already.`;
    return refuse(productError('command.refused', said, [], 'Nothing has to be done.'));
  }
  const stale = staleRefusal(parts, command);
  if (stale !== null) return stale;
  if (!facts.lease.storeReachable && command.withoutStore !== true) {
    const said = `The lease store does not answer ${config.serverName} now; a takeover without it was not asked for.`;
    return refuse(productError('command.revision', said));
  }
  return blocked(`${config.serverName} cannot be forced to take over now.`, forcedBlockers(facts));
}

function unsaidOf({ cluster, typedName, reason, statement }: Command, peer: string): string | null {
  if (typedName !== cluster) return `The name of the cluster was not typed as it is: ${cluster}.`;
  if (reason.trim() === '') return 'The reason is not said.';
  if (statement === undefined)
    return `Nobody states that ${peer} is powered off, or cut off from network and storage.`;
  return null;
}

function blocked(sentence: string, blockers: readonly Blocker[]): CommandAnswer | null {
  if (blockers.length === 0) return null;
  const words = blockers.map(({ reason, remedy }) => `${reason} ${remedy}`);
  return refuse(productError('command.refused', sentence, words), blockers);
}

function refuse(error: ProductError, blockers: readonly Blocker[] = []): CommandAnswer {
  return { accepted: false, error, blockers: [...blockers] };
}

/**
 * One change at a time: a second one would replace what the first is resumed and judged by. A takeover that is forced
 * replaces what cannot end any more, because neither lease nor engine is here.
 */
function refusalWhileOpen(
  { memory, config }: MemberParts,
  facts: MemberFacts,
  command: Command,
): CommandAnswer | null {
  const running = memory.current().operation;
  if (running === null) return null;
  const replaces = command.verb === forceVerb && running.kind !== 'force-takeover';
  if (replaces && !facts.lease.held && facts.engine.process.value === 'stopped') return null;
  const { kind, to, requestedBy, startedWallTime, id } = running;
  const going = to === config.server ? 'taken over here' : `handed over to ${config.peer.serverName}`;
  const sentence = `${config.cluster} is being ${going} already: the ${kind} that ${requestedBy} asked for at ${startedWallTime} (${id}) is under way.`;
  const next = 'Wait until it is done or rolled back, then ask again if it is still needed.';
  return refuse(productError('command.refused', sentence, [], next));
}
