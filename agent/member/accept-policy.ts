import { randomUUID } from 'node:crypto';
import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import {
  policyVerbs,
  secondPersonVerb,
  timedVerbs,
  type PolicyVerb,
} from '../../shared/agent-api/agent-api.ts';
import { productError, type ErrorCode } from '../../shared/errors.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { scopeWords } from '../../shared/second-person/scope.ts';
import type { PolicyChange } from '../../shared/lease/store-policy.ts';
import { beginMaintenance } from './begin-maintenance.ts';
import { isUnanswered } from './open-requests.ts';
import type { MemberParts } from './member-parts.ts';

/** A command that changes what the agents do by themselves. */
export type PolicyCommand = Command & { readonly verb: PolicyVerb | typeof secondPersonVerb };

export function isPolicyCommand(command: Command): command is PolicyCommand {
  return command.verb === secondPersonVerb || (policyVerbs as readonly string[]).includes(command.verb);
}

/**
 * Has the lease store write the change down, and answers when it has: only then is it true for both members. A
 * maintenance is on the Passive's disk before. Asking twice for the same is harmless. A store that does not answer
 * leaves everything as it was, as far as is known here.
 */
export async function acceptPolicy(
  parts: MemberParts,
  facts: MemberFacts,
  command: PolicyCommand,
  person: string,
): Promise<CommandAnswer> {
  const { config, keeper, journal, memory } = parts;
  const operation = `policy-${randomUUID()}`;
  const answer = await decide();
  const asked = `${person} asked for ${words[command.verb]} of ${config.cluster}${forHowLong(command)}${scopeSaid(command)}`;
  const unknown = !answer.accepted && answer.error.code === 'server.timeout';
  const because = command.reason === '' ? '' : `, because: ${command.reason}`;
  journal.append({
    kind: 'command',
    sentence: answer.accepted
      ? `${asked}: done${because}.`
      : `${asked}: ${unknown ? 'outcome unknown' : 'refused'}, ${answer.error.message}`,
    requestedBy: person,
    operation: answer.accepted ? answer.operation : null,
    result: answer.accepted ? 'ok' : unknown ? null : 'refused',
    epoch: memory.current().epoch,
  });
  return answer;

  async function decide(): Promise<CommandAnswer> {
    const refused = policyRefusal(parts, facts, command);
    if (refused !== null) return refused;
    if (command.verb === 'maintenance') return maintenance(command);
    const changed = await keeper.changePolicy(changeOf(command, command.verb, person));
    return changed.ok ? { accepted: true, operation } : refusedByStore(changed.error);
  }

  async function maintenance({ reason }: PolicyCommand): Promise<CommandAnswer> {
    const asked = { by: person, reason, lastsMs: lastsMs(command) };
    const begun = await beginMaintenance(parts, facts, asked, operation);
    if (begun.ok) return { accepted: true, operation };
    const { step, error } = begun.error;
    if (step === 'write-to-store') return refusedByStore(error);
    return refuse('command.refused', `Maintenance does not begin: ${error}.`, keptNext);
  }
}

/** Why this command would be refused now, as far as it is known here; null: it would not. */
export function policyRefusal(
  { config, memory }: MemberParts,
  facts: MemberFacts,
  command: PolicyCommand,
): CommandAnswer | null {
  if (command.cluster !== config.cluster) {
    return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`);
  }
  if (timedVerbs.includes(command.verb) && command.minutes === undefined) {
    return refuse('request.invalid', 'How long it shall last is not said: it always ends by itself.');
  }
  if (command.verb === secondPersonVerb && command.scope === undefined) {
    return refuse('request.invalid', 'What shall wait for a second person is not said.');
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
  return null;
}

function refusedByStore(error: string): CommandAnswer {
  if (error === 'version')
    return refuse('command.revision', 'Somebody else has changed this at the same moment.');
  return isUnanswered(error)
    ? refuse('server.timeout', `Whether the lease store has taken it is not known: ${error}.`)
    : refuse('command.refused', `The lease store has not taken it: ${error}.`);
}

const keptNext =
  'Bring the other member or the way to it back first. Automatic failover alone can be blocked without it: ixha block-failover.';

const words: Record<PolicyCommand['verb'], string> = {
  'second-person': 'another setting for second persons',
  maintenance: 'maintenance',
  'end-maintenance': 'the end of the maintenance',
  'block-failover': 'no automatic failover',
  'allow-failover': 'automatic failover again',
};

function scopeSaid({ scope }: PolicyCommand): string {
  return scope === undefined ? '' : ` (${scopeWords[scope]})`;
}

function forHowLong({ verb, minutes }: PolicyCommand): string {
  return timedVerbs.includes(verb) && minutes !== undefined ? ` for ${minutes} min` : '';
}

function changeOf(
  command: PolicyCommand,
  verb: Exclude<PolicyCommand['verb'], 'maintenance'>,
  by: string,
): PolicyChange {
  switch (verb) {
    case 'second-person':
      return { kind: 'second-person', by, scope: command.scope ?? 'none' };
    case 'end-maintenance':
      return { kind: 'end-maintenance', by };
    case 'block-failover':
      return {
        kind: 'block',
        by,
        why: command.reason === '' ? 'no reason given' : command.reason,
        lastsMs: lastsMs(command),
      };
    case 'allow-failover':
      return { kind: 'allow', by };
  }
}

function lastsMs({ minutes }: PolicyCommand): number {
  return (minutes ?? 0) * 60_000;
}

function refuse(code: ErrorCode, message: string, next?: string): CommandAnswer {
  return { accepted: false, error: productError(code, message, [], next), blockers: [] };
}
