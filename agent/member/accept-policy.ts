import { randomUUID } from 'node:crypto';
import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import { policyVerbs, timedVerbs, type PolicyVerb } from '../../shared/agent-api/agent-api.ts';
import { productError, type ErrorCode } from '../../shared/errors.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import type { PolicyChange } from '../../shared/lease/store-policy.ts';
import type { MemberParts } from './member-parts.ts';

/** A command that changes what the agents do by themselves. */
export type PolicyCommand = Command & { readonly verb: PolicyVerb };

export function isPolicyCommand(command: Command): command is PolicyCommand {
  return (policyVerbs as readonly string[]).includes(command.verb);
}

/**
 * Has the lease store write the change down, and answers when it has: only then is it true for both members. Asking
 * twice for the same is harmless. A store that does not answer leaves everything as it was, as far as is known here.
 */
export async function acceptPolicy(
  parts: MemberParts,
  facts: MemberFacts,
  command: PolicyCommand,
  person: string,
): Promise<CommandAnswer> {
  const { config, keeper, journal, memory } = parts;
  const answer = await decide();
  const asked = `${person} asked for ${words[command.verb]} of ${config.cluster}${forHowLong(command)}`;
  const because = command.reason === '' ? '' : `, because: ${command.reason}`;
  journal.append({
    kind: 'command',
    sentence: answer.accepted ? `${asked}: done${because}.` : `${asked}: refused, ${answer.error.message}`,
    requestedBy: person,
    result: answer.accepted ? 'ok' : 'refused',
    epoch: memory.current().epoch,
  });
  return answer;

  async function decide(): Promise<CommandAnswer> {
    if (command.cluster !== config.cluster) {
      return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`);
    }
    if (timedVerbs.includes(command.verb) && command.minutes === undefined) {
      return refuse('request.invalid', 'How long it shall last is not said: it always ends by itself.');
    }
    if (command.verb === 'maintenance' && memory.current().operation !== null) {
      return refuse(
        'command.refused',
        `A change of ${config.cluster} is under way; maintenance begins after it.`,
      );
    }
    if (!facts.lease.storeReachable) {
      const why = facts.lease.trouble ?? 'it does not answer';
      return refuse('command.refused', `The lease store, which keeps this, cannot be used: ${why}.`);
    }
    const changed = await keeper.changePolicy(changeOf(command, person));
    if (changed.ok) return { accepted: true, operation: `policy-${randomUUID()}` };
    const overtaken = changed.error === 'version';
    return overtaken
      ? refuse('command.revision', 'Somebody else has changed this at the same moment.')
      : refuse('command.refused', `The lease store has not taken it: ${changed.error}.`);
  }
}

const words: Record<PolicyVerb, string> = {
  maintenance: 'maintenance',
  'end-maintenance': 'the end of the maintenance',
  'block-failover': 'no automatic failover',
  'allow-failover': 'automatic failover again',
};

function forHowLong({ verb, minutes }: PolicyCommand): string {
  return timedVerbs.includes(verb) && minutes !== undefined ? ` for ${minutes} min` : '';
}

function changeOf(command: PolicyCommand, by: string): PolicyChange {
  const lastsMs = (command.minutes ?? 0) * 60_000;
  switch (command.verb) {
    case 'maintenance':
      return { kind: 'maintenance', by, reason: command.reason, lastsMs };
    case 'end-maintenance':
      return { kind: 'end-maintenance', by };
    case 'block-failover':
      return { kind: 'block', by, why: command.reason === '' ? 'no reason given' : command.reason, lastsMs };
    case 'allow-failover':
      return { kind: 'allow', by };
  }
}

function refuse(code: ErrorCode, message: string): CommandAnswer {
  return { accepted: false, error: productError(code, message), blockers: [] };
}
