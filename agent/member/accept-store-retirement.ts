import { retireStoreVerb, type Command, type CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { changeBlockers } from '../../shared/failover/blockers.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { succeed, type Result } from '../../shared/result.ts';
import type { MemberParts } from './member-parts.ts';
import { refuse, type Refused, type Replaced } from './store-replacement-steps.ts';

/**
 * A person moves the lease store (docs/failover.md, "The lease store is moved"): the one that works is retired, so that
 * the Active lives on its peer's promise until both members belong to the next one; or it is used again after all.
 */
export async function acceptStoreRetirement(
  parts: MemberParts,
  facts: MemberFacts,
  command: Command,
  person: string,
): Promise<CommandAnswer> {
  const { config, journal, memory } = parts;
  const retires = command.verb === retireStoreVerb;
  const done =
    misread(parts, command) ?? (await (retires ? retire : reinstate)(parts, facts, command, person));
  const asked = `${person} asked to ${retires ? 'retire' : 'use again'} the lease store of ${config.cluster}`;
  journal.append({
    kind: 'command',
    sentence: done.ok
      ? `${asked}: ${done.value.sentence}, because: ${command.reason}.`
      : `${asked}: refused, ${done.error.message}`,
    requestedBy: person,
    result: done.ok ? 'ok' : 'refused',
    epoch: memory.current().epoch,
  });
  if (done.ok) return { accepted: true, operation: `${command.verb}-${done.value.storeId}` };
  const { code, message, next } = done.error;
  return { accepted: false, error: productError(code, message, [], next), blockers: [] };
}

function misread({ config }: MemberParts, command: Command): Result<Replaced, Refused> | null {
  if (command.cluster !== config.cluster)
    return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`);
  if (command.reason === '')
    return refuse('request.invalid', 'The reason is not said.', 'Say why: --reason TEXT.');
  if (command.verb === retireStoreVerb && (command.successor ?? '') === '')
    return refuse('request.invalid', 'What takes the place of the lease store is not said.');
  return null;
}

async function retire(
  { config, keeper, memory, clock }: MemberParts,
  facts: MemberFacts,
  command: Command,
  by: string,
): Promise<Result<Replaced, Refused>> {
  const { serverName: name } = config;
  const { epoch, storeId, operation } = memory.current();
  if (!keeper.replacing.leaseInUse() || storeId === null)
    return refuse(
      'command.not-active',
      `${name} holds no lease of ${config.cluster}: its store is retired by the Active.`,
    );
  if (command.epoch !== epoch)
    return refuse(
      'command.revision',
      `The command was prepared for epoch ${command.epoch}; it is ${epoch} now.`,
    );
  const [blocker] = changeBlockers(facts);
  if (operation !== null || blocker !== undefined)
    return refuse(
      'command.refused',
      blocker?.reason ?? `A change of ${config.cluster} is under way.`,
      blocker?.remedy ?? 'Wait until it has ended, and ask again.',
    );
  const successor = command.successor ?? '';
  const retired = await keeper.replacing.retire({ successor, by, at: clock.wallTime() });
  if (!retired.ok)
    // It may have written it all the same: told as an answer that has not come.
    return refuse(
      'server.timeout',
      `The lease store has not confirmed that it is retired: ${retired.error}.`,
      'Ask again, or have it used again: what is done already is not done twice.',
    );
  try {
    memory.update({ carried: retired.value });
  } catch (error) {
    void keeper.replacing.reinstate();
    return refuse('command.refused', `What the store knew could not be written down here: ${String(error)}.`);
  }
  return succeed({
    storeId,
    sentence: `it grants and renews nothing any more, ${successor} takes its place`,
  });
}

async function reinstate({ keeper, memory }: MemberParts): Promise<Result<Replaced, Refused>> {
  const storeId = memory.current().storeId ?? '';
  const done = await keeper.replacing.reinstate();
  if (!done.ok)
    return refuse('command.refused', `The lease store has not confirmed that it works again: ${done.error}.`);
  if (memory.current().carried !== undefined) memory.update({ carried: undefined });
  return succeed({ storeId, sentence: `store ${storeId} grants and renews again` });
}
